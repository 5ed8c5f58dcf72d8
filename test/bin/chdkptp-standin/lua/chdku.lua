-- The connection object, as scripts inside chdkptp see it.
local socket = require 'socket'
local ptpip = require 'ptpip'
local VARIANT = os.getenv('CHDKPTP_STANDIN') or '0.11'
local NEW = VARIANT == '0.11' or VARIANT == 'no-ip'

local chdku = { ver = { MAJOR = 0, MINOR = NEW and 11 or 7, BUILD = 0, DESC = 'alpha' } }
local RC = { [0x2002] = 'General Error', [0x2005] = 'Operation Not Supported', [0x2006] = 'Parameter Not Supported', [0x2ff] = 'I/O error' }
local errorMeta = { __tostring = function(err) return err.msg end }

local function throw(fields) error(setmetatable(fields, errorMeta), 0) end
local function throwCode(code) throw({ etype = 'ptp', ptp_rc = code, msg = RC[code] or ('ptp error 0x%x'):format(code) }) end

local methods = {}

function methods:is_connected() return self._session ~= nil end

local function operate(con, code, params, dataOut)
	if not con._session then throw({ etype = 'not_connected', msg = 'not connected' }) end
	local response, answers, data = ptpip.operate(con._session, code, params, dataOut)
	if not response then throwCode(0x2ff) end
	if response ~= 0x2001 then throwCode(response) end
	return answers, data
end

local function operateForData(con, code, params)
	local answers, data = operate(con, code, params)
	if data == '' then print('expected START_DATA') end
	return answers, data
end

function methods:connect()
	if self._session then throw({ etype = 'connect_connected', msg = 'connection already connected' }) end
	local session = ptpip.open(self.condev.host, self.condev.port)
	if not session then throw({ etype = 'connect_fail', msg = 'connection failed' }) end
	self._session = session
	self._script = nil
	operate(self, 0x1002, { 1 })
	local _, data = operate(self, 0x1001, {})
	self.ptpdev = ptpip.deviceInfo(data)
	self.apiver = nil
	local listed = {}
	for _, code in ipairs(self.ptpdev.OperationsSupported) do listed[code] = true end
	if NEW then self.ptp_support = { OC = listed } end
	if VARIANT == '0.7' then self.ptpdev.OperationsSupported, self.ptpdev.ImageFormats = nil, nil end
	self.apiver = { MAJOR = -1, MINOR = -1 }
	if NEW and not listed[0x9999] then return end
	local ok, answers = pcall(operate, self, 0x9999, { 0 })
	if ok then
		self.apiver = { MAJOR = answers[1], MINOR = answers[2] }
	elseif answers.ptp_rc ~= 0x2005 then
		self.apiver = nil
		error(answers, 0)
	end
end

function methods:disconnect()
	if not self._session then return end
	local response = ptpip.operate(self._session, 0x1003, {})
	if response ~= 0x2001 then io.stderr:write('ERROR: Could not close session!\n') end
	ptpip.close(self._session)
	self._session = nil
end

function methods:get_script_id() return self._script end
function methods:reset_counters() end
function methods:script_status() return operate(self, 0x9999, { 8 })[1] end

local function value(subtype, data)
	if subtype == 2 then return ptpip.r32(data, 1) ~= 0 end
	if subtype == 3 then return ptpip.r32(data, 1) end
	return subtype ~= 1 and data or nil
end

-- Runs camera-side Lua and waits for its end; what it returns goes to `rets`.
function methods:execwait(code, opts)
	opts = opts or {}
	local answers = operate(self, 0x9999, { 7, 0x700 }, code .. '\0')
	if answers[2] == 0x1000 then throw({ etype = 'execlua_scriptrun', msg = 'a script is already running' }) end
	self._script = answers[1]
	socket.sleep(0.005)
	local failure
	while true do
		local status = self:script_status()
		if status == 0 then break end
		if status >= 2 then
			local about, data = operate(self, 0x9999, { 10 })
			local type, subtype, size = about[1], about[2], about[4]
			if type == 1 then
				failure = data:sub(1, size)
			elseif type == 2 and opts.rets then
				table.insert(opts.rets, { type = 'return', value = value(subtype, data:sub(1, size)) })
			end
		else
			socket.sleep(0.05)
		end
	end
	if failure then throw({ etype = 'exec_runtime', msg = failure }) end
end

if VARIANT ~= '0.7' then
	function methods:ptp_get_object_handles()
		local _, data = operateForData(self, 0x1007, { 0xffffffff, 0, 0 })
		local handles = {}
		for i = 1, ptpip.r32(data, 1) do handles[i] = ptpip.r32(data, 1 + i * 4) end
		return handles
	end
end

if NEW then
	function methods:ptp_txn(code, ...)
		local params = {}
		for _, param in ipairs({ ... }) do
			if type(param) ~= 'table' then params[#params + 1] = param end
		end
		local _, data = operateForData(self, code, params)
		return data
	end

	local UNLOCK = [[
if get_buildinfo().os == 'dryos' then
	post_levent_to_ui(4482)
else
	post_levent_to_ui(4418)
end]]
	function methods:do_on_connect_actions()
		local entered
		if prefs.cam_connect_set_ptp_mode == 'always' or prefs.cam_connect_set_ptp_mode == self.condev.transport then
			if self.ptp_support.OC[0x9801] then
				self:ptp_txn(0x9801, con.ptpdev.ImageFormats[1], { getdata = 'string' })
			else
				self:ptp_get_object_handles()
			end
			entered = true
		end
		if prefs.cam_connect_unlock_ui == 'always' or (prefs.cam_connect_unlock_ui == 'ptpset' and entered) then
			if entered then socket.sleep(0.25) end
			self:execwait(UNLOCK, { libs = 'ptp_ui_unlock' })
		end
	end
end

-- Every method also as NAME_pcall, which returns false and the error instead of throwing.
local meta = {
	__index = function(_, key)
		local plain = type(key) == 'string' and key:match('^(.*)_pcall$')
		if plain and methods[plain] then return function(...) return pcall(methods[plain], ...) end end
		return methods[key]
	end,
}

function chdku.connection(spec)
	if spec and VARIANT == 'no-ip' then error('PTP/IP not supported in this build') end
	spec = spec or {}
	return setmetatable({ condev = { transport = spec.host and 'ip' or 'usb', host = spec.host, port = spec.port or '15740' } }, meta)
end

return chdku
