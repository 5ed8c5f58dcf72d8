// conf's way of writing asks this package to tidy up at the end. The real one also catches SIGINT and SIGTERM and sends
// them to the process again, so that one Ctrl-C arrives as two: the order to end at once.
// biome-ignore lint/style/noDefaultExport: the package has one.
export default function whenExit(callback) {
	process.once('exit', callback);
	return () => process.removeListener('exit', callback);
}
