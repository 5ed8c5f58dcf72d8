-- Connects chdkptp to one camera over PTP/IP, once, gets it past its "connecting" screen and gives its own screen and keys
-- back. chdkptp runs it with `exec <connect.lua`; on success the session is the global `con`, so that the commands after
-- it, or the prompt, work on it. On failure the program ends here: no command of the user's runs without a camera.
--
-- Parameters, from the environment:
--   CANON_WIFI_HOST, CANON_WIFI_PORT   the camera
--   CANON_WIFI_OS                      auto | dryos | vxworks
--   CANON_WIFI_KEEPALIVE, _UNLOCK      auto | always | never
--   CANON_WIFI_PURPOSE                 session | learn: find out about the camera and end
--   CANON_WIFI_TTY                     1: stdout is a person's terminal
--   CANON_WIFI_REPORT                  file that gets what happened as lines `key=value`; without it stderr gets it in words
--   CANON_WIFI_WATCH                   1: report what chdkptp is about, so that one that waits for a camera that has gone can be ended
--   CANON_WIFI_GATE                    named pipe; opened from its other side when the commands, or the prompt, may begin

local HOST = os.getenv('CANON_WIFI_HOST') or ''
local PORT = os.getenv('CANON_WIFI_PORT') or '15740'
local OS = os.getenv('CANON_WIFI_OS') or 'auto'
local KEEPALIVE = os.getenv('CANON_WIFI_KEEPALIVE') or 'auto'
local UNLOCK = os.getenv('CANON_WIFI_UNLOCK') or 'auto'
local LEARN = os.getenv('CANON_WIFI_PURPOSE') == 'learn'
local REPORT = os.getenv('CANON_WIFI_REPORT')
local WINDOWS = package.config:sub(1, 1) == '\\'
local TERMINAL = os.getenv('CANON_WIFI_TTY') == '1' and not WINDOWS and (os.getenv('TERM') or 'dumb') ~= 'dumb'

-- Logical events "screen on and keys unlocked" (CHDK forum, chdkptp rlibs.lua).
local LEVENT = { dryos = 4482, vxworks = 4418 }
-- The firmware's change into PTP mode takes its own time; an unlock that comes sooner is undone by it.
local SETTLE_MS = 250
local GET_OBJECT_PROPS_SUPPORTED = 0x9801
local FAILED = 75

local pack = table.pack or function(...) return { n = select('#', ...), ... } end
local unpack = table.unpack or unpack

-- One line and of bounded length, whatever the camera calls itself.
local function escaped(value)
	return (tostring(value):gsub('[\r\n]+', ' '):sub(1, 300):gsub('[^%w _.:/()+,-]', function(c) return ('%%%02X'):format(c:byte()) end))
end

local function report(key, value)
	if REPORT and REPORT ~= '' then
		local file = io.open(REPORT, 'ab')
		if file then
			file:write(key, '=', escaped(value), '\n')
			file:close()
		end
	elseif value ~= nil and value ~= '' then
		io.stderr:write('canon-wifi: ', key, ' ', escaped(value), '\n')
	end
end

-- Closes the Lua state on the way, which sends CloseSession.
local function leave(code)
	io.stdout:flush()
	os.exit(code, true)
end

-- A connection that broke cannot be closed in order: sending on it would kill the process by SIGPIPE.
local function broken(why) return tostring(why):find('I/O error', 1, true) ~= nil end

local function lost(why)
	report('lost', why)
	io.stdout:flush()
	os.exit(FAILED, false)
end

-- The program's own words about the handshake come from C and cannot be turned off. On a terminal they are put into lines
-- that were made free before (so that nothing scrolls in between) and taken away again.
local function quietly(act)
	if not TERMINAL then return act() end
	io.stdout:write('\n\n\n\n\n\n\027[6A\0277')
	local results = pack(act())
	io.stdout:write('\0278\027[J')
	io.stdout:flush()
	return unpack(results, 1, results.n)
end

-- The camera that the existing connection leads to, if it is not ours. A host name is taken at its word: it may be ours.
local function connectedElsewhere()
	local device = con.condev or {}
	if device.transport == 'usb' then return 'a camera on USB' end
	local host = tostring(device.host or '')
	if not host:find('^%d+%.%d+%.%d+%.%d+$') then return nil end
	local port = tostring(device.port or PORT)
	if host ~= HOST or port ~= PORT then return host .. ':' .. port end
	return nil
end

local function connect()
	-- The user's own startup file may have done it: the camera takes no second connection.
	if con:is_connected() then
		local other = connectedElsewhere()
		if other then
			report('otherCamera', other)
			leave(FAILED)
		end
		return con, true
	end
	local made, link = pcall(chdku.connection, { host = HOST, port = PORT })
	if not made then
		report('withoutNetwork', link)
		leave(FAILED)
	end
	local seconds, micros = sys.gettimeofday()
	local ok, why = quietly(function() return link:connect_pcall() end)
	local seconds2, micros2 = sys.gettimeofday()
	if not ok and link:is_connected() and link.ptpdev and not broken(why) then
		-- The session is open, only CHDK did not say its version. Going on without CHDK is better than hanging up:
		-- a camera whose session ends switches its Wi-Fi off.
		link.apiver = { MAJOR = -1, MINOR = -1 }
		report('chdkFailed', why)
		ok = true
	end
	if not ok then
		report('took', math.floor((seconds2 - seconds) * 1000 + (micros2 - micros) / 1000))
		report('failed', why)
		if link:is_connected() then
			io.stdout:flush()
			os.exit(FAILED, false)
		end
		leave(FAILED)
	end
	return link, false
end

-- What the script returns, or nothing.
local function ask(code)
	local returned = {}
	local ok, why = pcall(con.execwait, con, code, { rets = returned, nodefaultlib = true })
	if not ok and broken(why) then lost(why) end
	return ok and returned[1] and returned[1].value or nil
end

local function learn()
	local device = con.ptpdev or {}
	report('model', device.model or '')
	report('serial', device.serial_number or '')
	report('firmware', device.device_version or '')
	local version = con.apiver
	local chdk = version ~= nil and version.MAJOR >= 0
	report('chdk', chdk and version.MAJOR .. '.' .. version.MINOR or 'none')
	local found = chdk and ask('return get_buildinfo().os') or nil
	found = LEVENT[found] and found or nil
	local system = found
	if system then report('os', system) end
	if OS ~= 'auto' then
		if system and system ~= OS then report('osDiffers', system) end
		system = OS
	end
	return chdk, system, found
end

local function pref(name)
	local known, value = pcall(function() return prefs[name] end)
	return known and value or nil
end

-- Newer builds do both steps themselves after their command `connect`, but not after the call used here.
local function doesTheStepsItself()
	return type(con.do_on_connect_actions) == 'function' and pref('cam_connect_set_ptp_mode') ~= nil and pref('cam_connect_unlock_ui') ~= nil
end

-- Runs those steps with the prefs that the policies ask for, `auto` being the user's own, and puts the prefs back: they are
-- saved when an interactive run ends. Returns what was done: it says so nowhere, so the calls are watched.
local function leaveToChdkptp(mayUnlock)
	local did = {}
	local function watch(name, done)
		local real = con[name]
		rawset(con, name, real and function(...)
			local results = pack(real(...))
			done(...)
			return unpack(results, 1, results.n)
		end or nil)
	end
	local mode, unlock = prefs.cam_connect_set_ptp_mode, prefs.cam_connect_unlock_ui
	if KEEPALIVE ~= 'auto' then prefs.cam_connect_set_ptp_mode = KEEPALIVE end
	if not mayUnlock or UNLOCK == 'never' then
		prefs.cam_connect_unlock_ui = 'never'
	elseif UNLOCK == 'always' then
		prefs.cam_connect_unlock_ui = 'always'
	end
	watch('ptp_get_object_handles', function() did.keepalive = 'GetObjectHandles' end)
	watch('ptp_txn', function(_, code)
		if code == GET_OBJECT_PROPS_SUPPORTED then did.keepalive = 'GetObjectPropsSupported' end
	end)
	watch('execwait', function() did.unlock = true end)
	local ok, why = pcall(con.do_on_connect_actions, con)
	for _, name in ipairs({ 'ptp_get_object_handles', 'ptp_txn', 'execwait' }) do rawset(con, name, nil) end
	prefs.cam_connect_set_ptp_mode, prefs.cam_connect_unlock_ui = mode, unlock
	if not ok then did.why = why end
	return did
end

-- The small operation if the camera lists it, else the list of all pictures: both put the firmware into PTP mode.
local function enterPtpMode()
	local formats = con.ptpdev.ImageFormats
	local listed = con.ptp_support and con.ptp_support.OC and con.ptp_support.OC[GET_OBJECT_PROPS_SUPPORTED]
	if con.ptp_txn and listed and formats and formats[1] then
		local ok, why = pcall(con.ptp_txn, con, GET_OBJECT_PROPS_SUPPORTED, formats[1], { getdata = 'string' })
		if ok then return 'GetObjectPropsSupported' end
		if broken(why) then lost(why) end
	end
	if not con.ptp_get_object_handles then return nil, 'this chdkptp has no operation for it' end
	local ok, why = pcall(con.ptp_get_object_handles, con)
	if ok then return 'GetObjectHandles' end
	return nil, why
end

local function postUnlock(system)
	local levent = system and LEVENT[system] or ('get_buildinfo().os == "dryos" and %d or %d'):format(LEVENT.dryos, LEVENT.vxworks)
	return pcall(con.execwait, con, 'post_levent_to_ui(' .. levent .. ')', { nodefaultlib = true })
end

local function failedStep(key, why)
	if broken(why) then lost(why) end
	report(key, why)
end

local function reportUnlocked(system, found)
	-- The camera takes any number; that of another system does nothing.
	if found and found ~= system then return report('unlock', 'failed') end
	report('unlock', system and ('done ' .. LEVENT[system] .. ' ' .. system) or 'done')
end

-- `system`: the one to unlock for; `found`: the one that the camera names.
local function steps(chdk, system, found)
	local did = {}
	local automatic = doesTheStepsItself()
	if automatic then did = leaveToChdkptp(chdk and OS == 'auto') end
	if did.why and broken(did.why) then lost(did.why) end
	local keepalive = did.keepalive
	if not keepalive and KEEPALIVE ~= 'never' and (did.why or not automatic) then
		local why
		keepalive, why = enterPtpMode()
		if not keepalive then failedStep('keepaliveFailed', why) end
	elseif not keepalive and KEEPALIVE ~= 'never' then
		report('keepaliveOff', pref('cam_connect_set_ptp_mode'))
	end
	if keepalive then report('keepalive', keepalive) end

	if did.unlock then return reportUnlocked(system, found) end
	if UNLOCK == 'never' then return report('unlock', 'off') end
	if not chdk then return report('unlock', 'noChdk') end
	-- `auto` gives back what the step before took away; and the user's own pref counts.
	if UNLOCK == 'auto' and (not keepalive or (automatic and pref('cam_connect_unlock_ui') == 'never')) then return report('unlock', 'off') end
	if keepalive then sys.sleep(SETTLE_MS) end
	local ok, why = postUnlock(system)
	if ok then return reportUnlocked(system, found) end
	failedStep('unlockFailed', why)
end

-- A camera that has gone is noticed at the next command only, and the one after that would kill the program by SIGPIPE.
local function watchSession()
	local gone = false
	local execute, printStatus = cli.execute, cli.print_status
	function cli.execute(...)
		if gone then
			io.stdout:flush()
			os.exit(FAILED, false)
		end
		return execute(...)
	end
	function cli.print_status(self, status, message)
		local results = pack(printStatus(self, status, message))
		if not status and not gone and broken(message) then
			gone = true
			report('lost', 'I/O error')
			self.finished = true -- ends the prompt, in order: settings are saved
		end
		return unpack(results, 1, results.n)
	end
end

-- chdkptp waits for an answer of the camera without a limit. Where the system does not show what a process waits for, this
-- reports when it works (`at=work`: it may be waiting for the camera) and when it waits for something else (`at=away`): the
-- person's next line, a pause of its own, another program. It works until it has ended: CloseSession wants an answer too.
local SIGN_OF_LIFE_S = 1
local function reportActivity()
	-- Without the function that reads a person's lines, a prompt could not be distinguished from work.
	if os.getenv('CANON_WIFI_WATCH') ~= '1' or type(cli.readline) ~= 'function' then return end
	local reportedAt, depth = 0, 0
	local function at(what)
		reportedAt = os.time()
		report('at', what)
	end
	local function away(real)
		return function(...)
			depth = depth + 1
			if depth == 1 then at('away') end
			local results = pack(pcall(real, ...))
			depth = depth - 1
			if depth == 0 then at('work') end
			if not results[1] then error(results[2], 0) end
			return unpack(results, 2, results.n)
		end
	end
	cli.readline, io.read, os.execute = away(cli.readline), away(io.read), away(os.execute)
	-- Shared by all files.
	local methods = getmetatable(io.stdin).__index
	local read = methods.read
	local readStdin = away(read)
	function methods.read(file, ...)
		if file == io.stdin then return readStdin(file, ...) end
		return read(file, ...)
	end
	-- A script on the camera is asked every 250 ms at most whether it has ended, with a short pause in between.
	local sleep = sys.sleep
	local sleepLong = away(sleep)
	function sys.sleep(ms)
		if (tonumber(ms) or 0) >= 1000 then return sleepLong(ms) end
		sleep(ms)
		if depth == 0 and os.time() - reportedAt >= SIGN_OF_LIFE_S then at('work') end
	end
	at('work')
end

local function main()
	-- Behind a pipe C keeps back what is printed; Windows knows no line buffering.
	if os.getenv('CANON_WIFI_TTY') ~= '1' then io.stdout:setvbuf(WINDOWS and 'no' or 'line') end
	report('started', ('%d.%d'):format(chdku.ver.MAJOR, chdku.ver.MINOR))
	local link, before = connect()
	con = link -- the command line works on this global
	local chdk, system, found = learn()
	report('connected', before and 'before' or 'now')
	-- Whoever connected with the command has had its steps done; twice would blacken the screen again.
	if not (before and doesTheStepsItself()) then steps(chdk, system, found) end
	report('ready', 'yes')
end

local ok, why = pcall(main)
if not ok then
	report('problem', why)
	leave(FAILED)
end
if LEARN then
	reportActivity()
	leave(0)
end
watchSession()
-- Opening a named pipe waits until somebody has it open for writing; there is nothing to read in it.
local gate = os.getenv('CANON_WIFI_GATE')
local opened = gate and gate ~= '' and io.open(gate, 'rb')
if opened then opened:close() end
reportActivity()
