// node-ssdp needs one function of this package, which has 40 KB.
exports.each = (items, work, done = () => {}) => {
	let left = items.length;
	let over = left === 0;
	if (over) done(null);
	for (const item of items)
		work(item, (error) => {
			if (over) return;
			left--;
			over = left === 0 || Boolean(error);
			if (over) done(error ?? null);
		});
};
