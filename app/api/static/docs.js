"use strict";

// Beside each parameter that has an `x-example`: its value, which is filled in when it is clicked, and not before.
const ParameterExamples = () => ({
  wrapComponents: {
    parameterRow: (Original, system) => (props) => {
      const h = system.React.createElement;
      const row = h(Original, props);
      const example = props.rawParam.get("x-example");
      if (example === undefined) return row;
      const isList = props.rawParam.getIn(["schema", "type"]) === "array";
      const value = isList ? system.Im.List(example.split(",")) : example;
      const fill = () => props.onChange(props.rawParam, value, false);
      const shown = props.isExecute
        ? h("button", { type: "button", className: "btn try-example", onClick: fill }, example)
        : h("code", null, example);
      return h(system.React.Fragment, null, row,
        h("tr", { className: "example-row" }, h("td"), h("td", null, "For example ", shown)));
    },
  },
});

const place = document.getElementById("swagger-ui");
SwaggerUIBundle({
  url: place.dataset.description,
  domNode: place,
  plugins: [ParameterExamples],
  deepLinking: true,
  filter: true,
  tryItOutEnabled: true,
  docExpansion: "none",
  defaultModelsExpandDepth: -1,
  validatorUrl: null,
});
