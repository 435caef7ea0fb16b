// Keys that save a way for who knows them; every page does all it can do without this file.
// "/": to the search; "?": help; Alt and a letter: the browser's own access keys, which the pages give.
document.addEventListener('keydown', (event) => {
	const within = event.target.closest('input, textarea, select, [contenteditable]');
	if (within || event.ctrlKey || event.metaKey || event.altKey) {
		return;
	}
	const search = document.querySelector('input[type="search"], input[name="q"]');
	if (event.key === '/' && search) {
		event.preventDefault();
		search.focus();
		search.select();
	} else if (event.key === '?') {
		const help = document.querySelector('a[href^="/help"]');
		if (help) {
			event.preventDefault();
			help.click();
		}
	}
});
