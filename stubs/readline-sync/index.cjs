// fengari's io.read on the terminal would use it; a camera's Lua has no terminal.
exports.prompt = () => {
	throw new Error('there is no terminal on a camera');
};
