// node-ssdp asks for this package only to guess a default LOCATION, which we always give it.
// The real `ip` has an advisory without a fix (CVE-2024-29415), so it is not installed at all.
exports.address = () => {
	throw new Error('node-ssdp must be given a location');
};
