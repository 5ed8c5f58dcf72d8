// For `node --require`: a disk as CIFS, NFS, FUSE, exFAT or Termux may be. Bytes and names are kept; what REFUSED lists
// (utimes, fsync, chmod, link) fails with EPERM.
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');

const refused = new Set((process.env.REFUSED ?? 'utimes,fsync,chmod,link').split(','));
const NAMES = {
	utimes: ['utimes', 'futimes', 'lutimes'],
	fsync: ['fsync', 'fdatasync'],
	chmod: ['chmod', 'fchmod', 'chown', 'fchown'],
	link: ['link'],
};
const refusal = (name) => Object.assign(new Error(`EPERM: operation not permitted, ${name}`), { code: 'EPERM', errno: -1, syscall: name });

for (const kind of refused)
	for (const name of NAMES[kind]) {
		fs[`${name}Sync`] = () => {
			throw refusal(name);
		};
		fs[name] = (...args) => process.nextTick(args.at(-1), refusal(name));
		if (name in fs.promises) fs.promises[name] = () => Promise.reject(refusal(name));
	}

const { open } = fs.promises;
const OF_HANDLES = { utimes: ['utimes'], fsync: ['sync', 'datasync'], chmod: ['chmod', 'chown'], link: [] };
fs.promises.open = async (...args) => {
	const handle = await open(...args);
	for (const kind of refused) for (const name of OF_HANDLES[kind]) handle[name] = () => Promise.reject(refusal(name));
	return handle;
};
syncBuiltinESMExports();
