-- PTP/IP as chdkptp speaks it: blocking, without time limits, name "whee", GUID ending deadbeef12345678, data phase field
-- always 0 and transaction id 0 in Data (not End Data) packets. What goes wrong while connecting is printed to stdout.
local socket = require 'socket'
local ptpip = {}

local function u16(v) return string.char(v % 256, math.floor(v / 256) % 256) end
local function u32(v) return u16(v % 65536) .. u16(math.floor(v / 65536)) end
local function r16(s, at) return s:byte(at) + s:byte(at + 1) * 256 end
local function r32(s, at) return r16(s, at) + r16(s, at + 2) * 65536 end
ptpip.r32 = r32

local function packet(type, body) return u32(#body + 8) .. u32(type) .. body end

local GUID = ('\0'):rep(8) .. '\xde\xad\xbe\xef\x12\x34\x56\x78'
local NAME = 'w\0h\0e\0e\0\0\0'

-- Type and body of the next packet; nothing and why when there is none.
local function receive(sock)
	local head, err = sock:receive(8)
	if not head then return nil, err end
	local body = r32(head, 1) > 8 and sock:receive(r32(head, 1) - 8) or ''
	return r32(head, 5), body, r32(head, 1)
end

local function failed(why)
	print(why)
	return nil
end

-- A session, or nothing after the reason was printed.
function ptpip.open(host, port)
	local command = socket.tcp()
	local connected = command:connect(host, tonumber(port))
	print('initializing command channel')
	if not connected then return failed('send failed: 9 Bad file descriptor') end
	command:send(packet(1, GUID .. NAME .. u32(0x10000)))
	local type, body, length = receive(command)
	if not type then
		command:close()
		return failed('Connection closed')
	end
	if length < 34 or type ~= 2 then
		command:close()
		return failed(length < 34 and 'response too small' or 'not ack, aborting')
	end
	print('initializing event channel')
	local event = socket.tcp()
	if not event:connect(host, tonumber(port)) then
		command:close()
		return failed('connect failed with error:  111 Connection refused')
	end
	event:send(packet(3, body:sub(1, 4)))
	if receive(event) ~= 4 then
		command:close()
		event:close()
		return failed('connection closed')
	end
	print('opening session')
	return { command = command, event = event, transaction = 0 }
end

function ptpip.close(session)
	session.command:close()
	session.event:close()
end

-- One operation. Returns the response code, its parameters and the data that came; nothing when the connection broke.
-- Writing to a connection that has already been seen broken kills the program, as SIGPIPE does: it is not handled.
function ptpip.operate(session, code, params, dataOut)
	if session.broken then os.exit(141) end
	local list = {}
	for i, value in ipairs(params) do list[i] = u32(value) end
	local request = packet(6, u32(0) .. u16(code) .. u32(session.transaction) .. table.concat(list))
	local id = u32(session.transaction)
	session.transaction = session.transaction + 1
	-- All in one Data packet, then an empty End Data packet.
	if dataOut then request = request .. packet(9, id .. u32(#dataOut) .. u32(0)) .. packet(10, u32(0) .. dataOut) .. packet(12, id) end
	session.command:send(request)
	local data = {}
	while true do
		local type, body = receive(session.command)
		if not type then
			session.broken = true
			return failed('Connection closed')
		end
		if type == 10 or type == 12 then data[#data + 1] = body:sub(5) end
		if type == 7 then
			local answers = {}
			for at = 7, #body - 3, 4 do answers[#answers + 1] = r32(body, at) end
			return r16(body, 1), answers, table.concat(data)
		end
	end
end

-- The parts of a DeviceInfo dataset that chdkptp shows.
function ptpip.deviceInfo(data)
	local at = 9
	local function text()
		local n = data:byte(at)
		local chars = {}
		for i = 0, n - 2 do chars[#chars + 1] = string.char(r16(data, at + 1 + i * 2) % 256) end
		at = at + 1 + n * 2
		return table.concat(chars)
	end
	local function codes()
		local list = {}
		for i = 1, r32(data, at) do list[i] = r16(data, at + 2 + i * 2) end
		at = at + 4 + #list * 2
		return list
	end
	text() -- vendor extension description
	at = at + 2
	local info = { max_packet_size = 0 }
	info.OperationsSupported = codes()
	codes()
	codes()
	codes()
	info.ImageFormats = codes()
	info.manufacturer, info.model, info.device_version, info.serial_number = text(), text(), text(), text()
	if info.serial_number == '' then info.serial_number = nil end
	return info
end

return ptpip
