/** The rest of `io`, written in Lua. It uses the methods of open files. */
export const IO_PRELUDE = `
local io, open, kind, type, error = io, io.open, io.type, type, error
local standard = {}
local function current(which) return standard[which] or error('standard ' .. which .. ' file is closed', 3) end
local function redirect(which, mode)
	return function(file)
		if type(file) == 'string' then
			local opened, message = open(file, mode)
			standard[which] = opened or error("bad argument #1 to '" .. which .. "' (" .. message .. ')', 2)
		elseif file ~= nil then
			if kind(file) == nil then error("bad argument #1 to '" .. which .. "' (FILE* expected, got " .. type(file) .. ')', 2) end
			standard[which] = file
		end
		return standard[which]
	end
end
io.input, io.output = redirect('input', 'r'), redirect('output', 'w')
function io.read(...) return current('input'):read(...) end
function io.write(...) return current('output'):write(...) end
function io.flush() return current('output'):flush() end
function io.close(file) return (file or current('output')):close() end
function io.lines(name)
	if name == nil then return current('input'):lines() end
	local file, message = open(name)
	if not file then error("bad argument #1 to 'lines' (" .. message .. ')', 2) end
	return function()
		local line = file:read()
		if line == nil then file:close() end
		return line
	end
end`;
