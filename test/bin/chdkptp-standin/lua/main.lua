-- Globals, options and the order of things: startup files, -e commands, prompt; the exit status is the last command's.
local socket = require 'socket'
local VARIANT = os.getenv('CHDKPTP_STANDIN') or '0.11'
if VARIANT == 'hang' then
	while true do socket.sleep(60) end
end

local exitValue = 0
sys = {
	sleep = function(ms) socket.sleep(ms / 1000) end,
	gettimeofday = function()
		local now = socket.gettime()
		return math.floor(now), math.floor(now % 1 * 1000000)
	end,
	set_exit_value = function(value) exitValue = value end,
	getargs = function() return { table.unpack(arg) } end,
}

local values = { cli_error_exit = false, config_autosave = true }
if VARIANT == '0.11' or VARIANT == 'no-ip' then
	values.cam_connect_set_ptp_mode = 'ip'
	values.cam_connect_unlock_ui = 'ptpset'
end
prefs = setmetatable({}, {
	__index = function(_, name)
		if values[name] == nil then error('unknown pref: ' .. tostring(name), 0) end
		return values[name]
	end,
	__newindex = function(_, name, value)
		if values[name] == nil then error('unknown pref: ' .. tostring(name), 0) end
		if type(values[name]) == 'boolean' and type(value) == 'string' then value = value == 'true' end
		values[name] = value
	end,
})

chdku = require 'chdku'
chdk = {
	connection = function(spec)
		if VARIANT == 'no-ip' then error('PTP/IP not supported in this build', 0) end
		return chdku.connection(spec)
	end,
}
cli = require 'cli'
con = chdku.connection()

-- os.exit(code, true) closes the Lua state, and that the session; plain os.exit does not.
local exit = os.exit
function os.exit(code, close)
	if close then pcall(con.disconnect, con) end
	exit(code, false)
end

local options = { e = {} }
local invalid = false
for _, argument in ipairs(arg) do
	local letter, rest = argument:match('^%-([a-zA-Z0-9])=?(.*)')
	if letter == 'e' then
		table.insert(options.e, rest)
	elseif letter and ('gicrh'):find(letter, 1, true) then
		options[letter] = rest == '' and true or rest
	else
		io.stderr:write('ERROR: unrecognized argument ', argument, '\n')
		invalid = true
	end
end
if #arg == 0 then options.i = true end
if invalid or options.h then print('CHDK PTP control utility\nUsage: chdkptp [options]') end

local home = os.getenv('CHDKPTP_HOME') or (os.getenv('HOME') or '') .. '/.chdkptp'
local startup = not options.r and io.open(home .. '/user.chdkptp') or nil
if startup then
	for line in startup:lines() do
		if not cli:print_status(cli:execute(line)) then break end
	end
	startup:close()
end
if options.c then cli:print_status(cli:execute('connect ' .. (options.c == true and '' or options.c))) end
for _, command in ipairs(options.e) do
	if not cli:print_status(cli:execute(command)) and prefs.cli_error_exit then os.exit(1) end
end
if options.i then cli:run() end
if not cli.last_status then exitValue = 1 end
os.exit(exitValue, true)
