-- What wrk sends, by SEND and SECRETS (a file, one a line), and what came of it, as one line of JSON: see bench/wrk.ts.
local send = os.getenv("SEND")
local secrets = {}
local turn = 0

function init()
  if os.getenv("SECRETS") == nil then return end
  for line in io.lines(os.getenv("SECRETS")) do secrets[#secrets + 1] = line end
end

function request()
  turn = turn + 1
  if send == "form" then
    wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
    return wrk.format("POST", nil, nil, "token=" .. secrets[turn % #secrets + 1])
  elseif send == "bearer" then
    wrk.headers["Authorization"] = "Bearer " .. secrets[turn % #secrets + 1]
  elseif send == "addresses" then
    wrk.headers["X-Forwarded-For"] = string.format("10.%d.%d.%d", turn / 65536 % 256, turn / 256 % 256, turn % 256)
  end
  return wrk.format()
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"answered":%d,"seconds":%f,"refused":%d,"broken":%d,"p50Ms":%f,"p99Ms":%f}\n',
    summary.requests, summary.duration / 1e6, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
