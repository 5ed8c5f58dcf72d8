-- The command line: prefixes, commands, statuses and prompts as in chdkptp.
local cli = { finished = false, last_status = true }

-- Words as chdkptp's parser cuts them: quotes join, a backslash inside double quotes takes the next character as it is.
local function words(text)
	local list, word, quote, at = {}, nil, nil, 1
	while at <= #text do
		local c = text:sub(at, at)
		if quote == '"' and c == '\\' then
			at = at + 1
			word = word .. text:sub(at, at)
		elseif quote and c == quote then
			quote = nil
		elseif quote then
			word = word .. c
		elseif c == '"' or c == "'" then
			quote, word = c, word or ''
		elseif c:match('%s') then
			if word then list[#list + 1] = word end
			word = nil
		else
			word = (word or '') .. c
		end
		at = at + 1
	end
	if quote then return nil, 'unclosed ' .. quote end
	if word then list[#list + 1] = word end
	return list
end

-- Lua text, or `<FILE`.
local function luaText(args)
	local file = args:match('^%s*<(.*)$')
	if not file then return args end
	local list, err = words(file)
	if not list then return nil, err end
	if #list ~= 1 then return nil, 'expected exactly one filename' end
	local handle, why = io.open(list[1], 'rb')
	if not handle then return nil, why end
	local text = handle:read('*a')
	handle:close()
	return text, list[1]
end

local commands = {}

commands['!'] = function(args)
	local text, name = luaText(args)
	if not text then return false, name end
	local chunk, err = load(text, name)
	if not chunk then return false, 'compile failed:' .. err .. '\n' end
	local result = { pcall(chunk) }
	if not result[1] then return false, 'call failed:' .. tostring(result[2]) .. '\n' end
	if #result == 1 then return true end
	return true, '=' .. (type(result[2]) == 'string' and ('%q'):format(result[2]) or tostring(result[2]))
end
commands.exec = commands['!']

commands['='] = function(args)
	local returned = {}
	con:execwait(luaText(args), { rets = returned })
	local lines = {}
	for i, message in ipairs(returned) do lines[i] = i .. ':return:' .. tostring(message.value) .. '\n' end
	return true, table.concat(lines)
end
commands.luar = commands['=']

function commands.version(args)
	local text = ('%d.%d.%d-%s'):format(chdku.ver.MAJOR, chdku.ver.MINOR, chdku.ver.BUILD, chdku.ver.DESC)
	if args:match('-p') then return true, 'chdkptp ' .. text end
	local camera = con:is_connected() and con.apiver and (' cam:%d.%d'):format(con.apiver.MAJOR, con.apiver.MINOR) or ' cam:none'
	return true, 'host:2.9' .. camera
end

function commands.connect(args)
	local spec = {}
	for _, word in ipairs(words(args) or {}) do
		spec.host = word:match('^%-h=(.*)') or spec.host
		spec.port = word:match('^%-p=(.*)') or spec.port
	end
	if con:is_connected() then con:disconnect() end
	con = chdku.connection(spec)
	con:connect()
	print(('connected: %s, max packet size %d'):format(con.ptpdev.model, con.ptpdev.max_packet_size))
	if con.apiver.MAJOR < 0 then io.stderr:write('WARNING: CHDK extension not detected\n') end
	if con.do_on_connect_actions then con:do_on_connect_actions() end
	return true
end
commands.c = commands.connect

function commands.dis()
	con:disconnect()
	return true
end

function commands.set(args)
	local name, value = args:match('^([%w_]+)=?(.*)$')
	local known, now = pcall(function() return prefs[name] end)
	if not known then return false, now end
	if value ~= '' then prefs[name] = value
	else return true, name .. '=' .. tostring(now) end
	return true
end

function commands.quit()
	cli.finished = true
	return true
end
commands.q = commands.quit
commands['#'] = function() return true end

function cli:get_prompt()
	if not con:is_connected() then return '___> ' end
	return con:get_script_id() and ('con %d> '):format(con:get_script_id()) or 'con> '
end

function cli:execute(line)
	local name, args = line:match('^%s*([!.#=])%s*(.*)$')
	if not name then name, args = line:match('^%s*([%w_]+)%s*(.*)$') end
	if not name then
		if not line:match('%S') then return true, '' end
		self.last_status = false
		return false, ("bad input '%s'\n"):format(line)
	end
	if not commands[name] then
		self.last_status = false
		return false, ("unknown command '%s'\n"):format(name)
	end
	local ran, status, message = pcall(commands[name], args)
	if not ran then status, message = false, tostring(status) end
	if name ~= 'quit' and name ~= 'q' and name ~= '#' then self.last_status = status end
	return status, message
end

function cli:print_status(status, message)
	if not status then
		io.stderr:write('ERROR: ', tostring(message), '\n')
	elseif message and #message > 0 then
		io.stdout:write(message, message:sub(-1) == '\n' and '' or '\n')
	end
	return status, message
end

-- Reads all that a person is asked for: the next command, and answers to questions of commands.
function cli.readline(prompt)
	io.stdout:write(prompt)
	io.stdout:flush()
	return io.read()
end

-- With stdin from a pipe the prompt and the line are echoed; its end ends the program.
function cli:run()
	while not self.finished do
		local line = cli.readline(self:get_prompt())
		if not line then break end
		io.stdout:write(line, '\n')
		self:print_status(self:execute(line))
	end
end

return cli
