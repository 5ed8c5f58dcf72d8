/** Functions that Lua 5.3 lacks, written in Lua. The last one turns tables into messages, unless a script replaces it. */
export const PRELUDE = `
function table.getn(t) return #t end
function table.maxn(t)
	local most = 0
	for key in pairs(t) do if type(key) == 'number' and key > most then most = key end end
	return most
end
function table.foreach(t, f) for key, value in pairs(t) do local r = f(key, value) if r ~= nil then return r end end end
function table.foreachi(t, f) for key, value in ipairs(t) do local r = f(key, value) if r ~= nil then return r end end end
string.gfind = string.gmatch
math.randomseed = function() end
function usb_msg_table_to_string(t)
	local function plain(value)
		local kind = type(value)
		if kind == 'string' then return value end
		return (kind == 'number' or kind == 'boolean') and tostring(value) or ''
	end
	local lines = {}
	for key, value in pairs(t) do
		local cells = { plain(key) }
		if type(value) == 'table' then
			for n = 1, table.maxn(value) do cells[#cells + 1] = plain(value[n]) end
		else
			cells[2] = plain(value)
		end
		if #cells > 1 and cells[1] ~= '' then lines[#lines + 1] = table.concat(cells, '\\t') .. '\\n' end
	end
	return table.concat(lines)
end`;
