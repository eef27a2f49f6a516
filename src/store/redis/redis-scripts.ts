// Operations that must be atomic on Redis, in Lua. Every key of a call is of one hash slot. Needs Redis 6.2 (XTRIM
// MINID, GETDEL).

/** ARGV per key: '' for a single value, or 'f' + field of a table. */
const read = `
local out = {}
for i, key in ipairs(KEYS) do
  local field = ARGV[i]
  if field == '' then out[i] = redis.call('GET', key) else out[i] = redis.call('HGET', key, string.sub(field, 2)) end
end
return out`;

const takeRow = `
local value = redis.call('HGET', KEYS[1], ARGV[1])
if value then redis.call('HDEL', KEYS[1], ARGV[1]) end
return value`;

/**
 * Conditions, then writes. An ensured row is a condition that it is absent or has the same value, followed by a write.
 * The server's time makes cursors, so those of two clients cannot cross; their expiry uses the caller's clock.
 */
const commit = `
local a, k, absent = 0, 0, {}
local function arg() a = a + 1; return ARGV[a] end
local function key() k = k + 1; return KEYS[k] end
for _ = 1, tonumber(arg()) do
  local at, field, met = key(), arg(), false
  local found
  if field == '' then found = redis.call('GET', at) else found = redis.call('HGET', at, string.sub(field, 2)) end
  local count = arg()
  if count == 'ensured' then
    local value = arg()
    met = not found or found == value
    if not found then absent[#absent + 1] = {at, field, value} end
  else
    met = arg() == 'absent' and not found
    for _ = 1, tonumber(count) do met = arg() == found or met end
  end
  if not met then return 0 end
end
for _, row in ipairs(absent) do redis.call('HSET', row[1], string.sub(row[2], 2), row[3]) end
for _ = 1, tonumber(arg()) do
  local kind, at = arg(), key()
  if kind == 'put' then
    local field, value, ttl = arg(), arg(), arg()
    if field ~= '' then redis.call('HSET', at, string.sub(field, 2), value)
    elseif ttl == '' then redis.call('SET', at, value)
    else redis.call('SET', at, value, 'PX', ttl) end
  elseif kind == 'remove' then
    local field = arg()
    if field == '' then redis.call('UNLINK', at) else redis.call('HDEL', at, string.sub(field, 2)) end
  else
    local value, ttl, expires = arg(), arg(), arg()
    local id = redis.call('XADD', at, '*', 'v', value, 'x', expires)
    local oldest = tonumber(string.match(id, '^%d+')) - tonumber(ttl)
    if oldest > 0 then redis.call('XTRIM', at, 'MINID', '=', string.format('%.0f', oldest)) end
    redis.call('PEXPIRE', at, ttl)
  end
end
return 1`;

/**
 * The first row of an index key is a field of a hash; further rows are members of a sorted set, where adding one stays
 * cheap.
 */
const load = `
local rows, first, more = KEYS[1], KEYS[2], KEYS[3]
local function isShared(key, prefix)
  local live = {}
  local count = 0
  local function see(id)
    if not live[id] and redis.call('HEXISTS', rows, id) == 1 then live[id] = true; count = count + 1 end
    return count > 1
  end
  see(redis.call('HGET', first, key))
  local from = '[' .. prefix
  repeat
    local some = redis.call('ZRANGEBYLEX', more, from, '(' .. prefix .. '\\255', 'LIMIT', 0, 64)
    for _, member in ipairs(some) do
      if see(string.sub(member, #prefix + 1)) then return true end
      from = '(' .. member
    end
  until #some < 64
  return false
end
local a = 0
local function arg() a = a + 1; return ARGV[a] end
local todo, shared, reported = {}, {}, {}
for _ = 1, tonumber(arg()) do
  local id = arg()
  redis.call('HSET', rows, id, arg())
  for _ = 1, tonumber(arg()) do todo[#todo + 1] = {arg(), id} end
end
for _, pair in ipairs(todo) do
  local key, id = pair[1], pair[2]
  if redis.call('HSETNX', first, key, id) == 0 then
    local prefix = struct.pack('>I2', #key) .. key
    local other = redis.call('HGET', first, key)
    if other ~= id then
      if redis.call('HEXISTS', rows, other) == 0 then redis.call('HSET', first, key, id)
      else redis.call('ZADD', more, 0, prefix .. id) end
    end
    if not reported[key] and isShared(key, prefix) then reported[key] = true; shared[#shared + 1] = key end
  end
end
return shared`;

/** KEYS: three per table. Returns per table: id, value, id, value, … */
const find = `
local out = {}
for t = 1, #KEYS, 3 do
  local rows, first, more, seen, found = KEYS[t], KEYS[t + 1], KEYS[t + 2], {}, {}
  local function add(id)
    if not id or seen[id] then return end
    seen[id] = true
    local value = redis.call('HGET', rows, id)
    if value then found[#found + 1] = id; found[#found + 1] = value end
  end
  for _, key in ipairs(ARGV) do
    local prefix = struct.pack('>I2', #key) .. key
    add(redis.call('HGET', first, key))
    for _, member in ipairs(redis.call('ZRANGEBYLEX', more, '[' .. prefix, '(' .. prefix .. '\\255')) do
      add(string.sub(member, #prefix + 1))
    end
  end
  out[#out + 1] = found
end
return out`;

/**
 * The layout is paged-table.ts. KEYS: the rows of each table. ARGV: number of keys, keys, ids, each 16 bytes. Returns
 * per table the ids, and row name, value, … of their pages.
 */
const lookUp = `
local out = {}
local function place(id, count) return math.floor(struct.unpack('>I4', id) * count / 4294967296) end
for t, rows in ipairs(KEYS) do
  local shape, ids, pages, seen, read = redis.call('HGET', rows, 'shape'), {}, {}, {}, {}
  if shape then
    local pageCount, bucketCount = struct.unpack('>I4I4', shape)
    local function add(id)
      if seen[id] then return end
      seen[id] = true
      ids[#ids + 1] = id
      local name = string.format('p%07d', place(id, pageCount))
      if read[name] then return end
      read[name] = true
      local value = redis.call('HGET', rows, name)
      if value then pages[#pages + 1] = name; pages[#pages + 1] = value end
    end
    local keys = tonumber(ARGV[1])
    for i = keys + 2, #ARGV do add(ARGV[i]) end
    for i = 2, keys + 1 do
      local key = ARGV[i]
      local bucket = redis.call('HGET', rows, string.format('b%07d', place(key, bucketCount))) or ''
      for at = 1, #bucket, 32 do
        if string.sub(bucket, at, at + 15) == key then add(string.sub(bucket, at + 16, at + 31)) end
      end
    end
  end
  out[t] = {ids, pages}
end
return out`;

/** ARGV: direction, exclusive start, now, limit. Returns id, value, … and skips expired entries. */
const page = `
local out, from, now, limit = {}, ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
while true do
  local some
  if ARGV[1] == 'after' then some = redis.call('XRANGE', KEYS[1], from, '+', 'COUNT', limit)
  else some = redis.call('XREVRANGE', KEYS[1], from, '-', 'COUNT', limit) end
  for _, entry in ipairs(some) do
    if tonumber(entry[2][4]) > now then
      out[#out + 1] = entry[1]
      out[#out + 1] = entry[2][2]
      if #out >= limit * 2 then return out end
    end
    from = '(' .. entry[1]
  end
  if #some < limit then return out end
end`;

export const scripts = {
  ssoRead: read,
  ssoTakeRow: takeRow,
  ssoCommit: commit,
  ssoLoad: load,
  ssoFind: find,
  ssoLookUp: lookUp,
  ssoPage: page,
} as const;
export type ScriptName = keyof typeof scripts;
