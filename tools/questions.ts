// Two questions of the README, asked with the types that openapi-typescript has made: `questions.js ADDRESS`.
import type { paths } from "./registry";

declare const process: { argv: string[] };

type Lists = "/v1/joint-units" | "/v1/appointments";
type Query<Path extends Lists> = NonNullable<paths[Path]["get"]["parameters"]["query"]>;
type Answer<Path extends Lists> = paths[Path]["get"]["responses"][200]["content"]["application/json"];

async function ask<Path extends Lists>(path: Path, query: Query<Path>): Promise<Answer<Path>> {
  const address = new URL(path, process.argv[2]);
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, String(value));
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} answers ${response.status}`);
  return (await response.json()) as Answer<Path>;
}

function expect(found: unknown, expected: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    throw new Error(`${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
  }
}

const units = await ask("/v1/joint-units", { force: ["cambridgeshire"], as_of: "2012-01-01", certainty: "possible" });
expect(
  units.data.map(({ id, presence }) => [id, presence]),
  [["bch-procurement", "certain"], ["bch-professional-standards", "possible"]],
);
const chairs = await ask("/v1/appointments", {
  body: ["hertfordshire-police-authority"],
  post: ["Chair"],
  as_of: "2011-06-02",
});
expect(chairs.data.map(({ person }) => person.name), ["David Lloyd"]);
console.log("The TypeScript client was told:", units.data.map(({ name }) => name), chairs.data[0]?.person.name);
