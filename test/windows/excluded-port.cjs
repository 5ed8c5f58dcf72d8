// For `node --require`: ports that Windows keeps for Hyper-V, WSL or Docker. Listening on one fails with EACCES, not EADDRINUSE.
const { Server } = require('node:net');

const excluded = new Set([8043, 15740, 15741]);
const { listen } = Server.prototype;
Server.prototype.listen = function (...args) {
	const port = typeof args[0] === 'object' ? args[0].port : args[0];
	if (!excluded.has(port)) return listen.apply(this, args);
	const error = Object.assign(new Error(`listen EACCES: permission denied ${port}`), { code: 'EACCES', syscall: 'listen', port });
	process.nextTick(() => this.emit('error', error));
	return this;
};
