// fengari's os.tmpname and io.tmpfile would use it; a camera's Lua has neither.
exports.tmpNameSync = exports.fileSync = () => {
	throw new Error('there are no temporary files on a camera');
};
