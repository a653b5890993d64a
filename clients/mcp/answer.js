// What an answer looks like: rows as text, within a bound, and errors with all
// that the server said.

export const BYTES_PER_TOKEN = 4;

const bytes = (text) => Buffer.byteLength(text, 'utf8');

export const tokens = (text) => Math.ceil(bytes(text) / BYTES_PER_TOKEN);

// A value on one line: tabs and line ends would look like the next column or row.
function cell(value) {
	if (value === null || value === undefined)
		return '';
	if (value instanceof Date)
		return value.toISOString();
	const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
	return text.replace(/[\t\r\n]+/g, ' ');
}

// As many whole characters of a text as fit into so many bytes.
export function cut(text, most) {
	if (bytes(text) <= most)
		return text;
	return Buffer.from(text, 'utf8').subarray(0, Math.max(most, 0)).toString('utf8').replace(/\uFFFD+$/, '');
}

// Lines until the bound is met, whole ones only; says how many were left out.
// notes come last, and are what must not be missing.
export function fit(lines, notes, maxTokens, total = lines.length - (lines.head ?? 0)) {
	const reserved = 120;	// for the line that says so
	let room = maxTokens * BYTES_PER_TOKEN - bytes(notes.join('\n')) - reserved;
	let shown = 0;

	while (shown < lines.length && bytes(lines[shown]) + 1 <= room)
		room -= bytes(lines[shown++]) + 1;
	const parts = lines.slice(0, shown);
	const heads = lines.head ?? 0;	// lines that are not rows
	if (shown - heads < total)
		parts.push(`... ${Math.max(shown - heads, 0)} of ${total} rows shown; ask for less, or for a part, to see others`);
	return cut([...parts, ...notes].join('\n'), maxTokens * BYTES_PER_TOKEN);
}

// Rows as a table with tabs, a line each, under the names of the columns.
export function table(rows, columns = rows.length > 0 ? Object.keys(rows[0]) : []) {
	const lines = rows.map((row) => columns.map((column) => cell(row[column])).join('\t'));

	if (lines.length > 0)
		lines.unshift(columns.join('\t'));
	lines.head = lines.length > 0 ? 1 : 0;
	return lines;
}

// An error as the server raised it. Hints name similar keys, and what to pass.
export function failure(error) {
	const parts = [error.message];
	// of no use to who cannot pass it
	const hint = error.hint?.replace(/ ?With missing_ok a key that does not exist is no error\.$/, '');

	if (error.detail)
		parts.push(`Detail: ${error.detail}`);
	if (hint || error.hint)
		parts.push(`Hint: ${hint || 'search finds keys by a name or a part of one.'}`);
	if (error.code)
		parts.push(`SQLSTATE ${error.code}`);
	return { isError: true, content: [{ type: 'text', text: cut(parts.join('\n'), 4000) }] };
}
