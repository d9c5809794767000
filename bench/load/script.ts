import type { Credentials } from '../contract/app-spec.js';
import { USER_AGENT } from '../contract/bench-app.js';
import type { LoadJob } from './load-job.js';

/** Each request comes from the next device, so that all devices call equally often. */
const CALLS = `
local at = 0
request = function()
  at = at % #devices + 1
  return devices[at]
end
init = function()
  for index, headers in ipairs(credentials) do devices[index] = wrk.format("GET", "/profile", headers) end
end
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '\\nRESULT {"requests":%d,"us":%d,"p50":%d,"p99":%d,"refused":%d,"broken":%d}\\n', summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), e.status, e.connect + e.read + e.write + e.timeout))
end
`;

/** A connection that is done waits for the next time at which a request is due. */
const paced = (perSecond: number) => `
local ffi = require('ffi')
ffi.cdef('typedef struct { long s, ns; } moment; int clock_gettime(int, moment *);')
local moment = ffi.new('moment')
local function now()
  ffi.C.clock_gettime(1, moment)
  return tonumber(moment.s) * 1000 + tonumber(moment.ns) / 1e6
end
local due
delay = function()
  due = (due or now()) + ${1_000 / perSecond}
  return math.max(0, math.floor(due - now() + 0.5))
end
`;

/** What wrk is told to do, in Lua. */
export function scriptOf({ credentials, perSecond }: LoadJob): string {
  const tables = `devices = {}\ncredentials = {\n${credentials.map(luaTable).join(',\n')}\n}\n`;
  return `${tables}${CALLS}${perSecond ? paced(perSecond) : ''}`;
}

function luaTable(credentials: Credentials): string {
  const headers = Object.entries({ ...credentials, 'user-agent': USER_AGENT });
  return `{${headers.map(([name, value]) => `[${JSON.stringify(name)}] = ${JSON.stringify(value)}`).join(', ')}}`;
}
