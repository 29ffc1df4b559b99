-- asks the paths of a file in turn, from the given line on, so that no answer is asked for twice in a row;
-- what stands behind a tab is the ETag that the client has
local paths, tags, at = {}, {}, 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    local path, tag = line:match("^([^\t]*)\t?(.*)$")
    paths[#paths + 1], tags[#tags + 1] = path, tag
  end
  at = tonumber(arguments[2]) % #paths
end

function request()
  at = at % #paths + 1
  if tags[at] == "" then return wrk.format("GET", paths[at]) end
  return wrk.format("GET", paths[at], { ["If-None-Match"] = tags[at] })
end

function done(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration, failed, latency:percentile(50),
    latency:percentile(99)))
end
