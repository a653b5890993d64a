# tools/pt-import of indexes in the format SCIP: what real indexers write of small trees,
# against what was written down by hand in test/scip; what odd ones may have in them, put
# together here byte by byte; how facts and pt-index's guesses of the same tree come
# together. And of databases of other tools.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use File::Copy ();
use IPC::Run;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $top = "$FindBin::RealBin/../..";
my $loader = "$top/tools/pt-import";
my $folder = PostgreSQL::Test::Utils::tempdir();
my $node = pt_node('scip');

sub value { return $node->safe_psql('postgres', shift) }

# Returns the exit status, the counts that are not 0 as a text, and standard error.
sub import_into
{
	my ($schema, $path, %opt) = @_;
	local %ENV = ($node->_get_env(), %{ $opt{env} // {} });
	my ($out, $err) = ('', '');
	IPC::Run::run([ @{ $opt{before} // [] }, $^X, $loader, '-d', 'postgres', '--graph', "$schema.pt_edge", @{ $opt{arguments} // [] }, $path ],
		'<', defined $opt{input} ? \$opt{input} : \undef, '>', \$out, '2>', \$err, IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
	my $status = $? >> 8;
	return ($status, join(' ', map { /^(\w+) +\| +([1-9]\d*)$/ && $1 ne 'import_id' ? "$1=$2" : () } split /\n/, $out), $err);
}

sub write_bytes
{
	my ($name, $bytes) = @_;
	open my $file, '>:raw', "$folder/$name" or die "$name: $!";
	print $file $bytes;
	close $file;
	return "$folder/$name";
}

# A codebase as lines of text: see test/scip/README.
value(q{
	CREATE FUNCTION described(graph regclass) RETURNS TABLE (line text) LANGUAGE plpgsql AS $$
	DECLARE
		s text := split_part(graph::text, '.', 1);
	BEGIN
		RETURN QUERY EXECUTE format($q$
			WITH shown AS (
				SELECT key, CASE entity_type WHEN 'file' THEN file_path ELSE concat_ws('.', properties ->> 'scope', name) END AS name FROM %1$I.pt_entity
			)
			SELECT concat_ws(' ', entity_type, name, properties ->> 'scope', file_path || ':' || line_start || '-' || line_end)
			FROM %1$I.pt_entity WHERE entity_type <> 'file'
			UNION ALL
			SELECT concat(f.name, ' > ', edge_type, ' > ',
				coalesce(t.name, pt_key_name(to_key) || coalesce(' (' || substring(to_key FROM ':external-dependency-(.*):0-0$') || ')', ' (?)')), ' ', source_location)
			FROM %1$I.pt_edge LEFT JOIN shown AS f ON f.key = from_key LEFT JOIN shown AS t ON t.key = to_key $q$, s);
	END $$;
});

sub described
{
	my ($schema) = @_;
	return join "\n", sort split /\n/, value("SELECT * FROM described('$schema.pt_edge')");
}

sub codebase
{
	my ($schema) = @_;
	value("DROP SCHEMA IF EXISTS $schema CASCADE; SELECT pt_create_codebase('$schema')");
	return;
}

# What a codebase has but for times; and which versions of the rows.
sub content
{
	my ($schema) = @_;
	return value("SELECT r FROM (SELECT (key, name, entity_type, entity_class, language, file_path, line_start, line_end, signature, code, properties)::text AS r FROM $schema.pt_entity UNION ALL SELECT e::text FROM $schema.pt_edge e) AS r ORDER BY r COLLATE \"C\"");
}

sub versions
{
	my ($schema) = @_;
	return value("SELECT md5(string_agg(r, ',' ORDER BY r)) FROM (SELECT ctid || ' ' || xmin AS r FROM $schema.pt_entity UNION ALL SELECT ctid || ' ' || xmin FROM $schema.pt_edge) AS r");
}

# ---------------------------------------------------------------------------
# An encoder.
# ---------------------------------------------------------------------------

sub varint
{
	my ($value) = @_;
	my $bytes = '';
	while ($value < 0 || $value > 0x7F)
	{
		$bytes .= chr(($value & 0x7F) | 0x80);
		$value >>= 7;		# as an unsigned number
	}
	return $bytes . chr $value;
}

sub text_field { my ($field, $bytes) = @_; return varint($field << 3 | 2) . varint(length $bytes) . $bytes }
sub number_field { my ($field, $value) = @_; return varint($field << 3) . varint($value) }
sub packed { my ($field, @numbers) = @_; return text_field($field, join '', map { varint($_) } @numbers) }

# [ symbol, roles, range, enclosing range ]
sub occurrence
{
	my ($symbol, $roles, $range, $enclosing, $more) = @_;
	return text_field(2, packed(1, @$range) . text_field(2, $symbol) . ($roles ? number_field(3, $roles) : '')
		  . ($enclosing ? packed(7, @$enclosing) : '') . ($more // ''));
}

sub information
{
	my ($symbol, %of) = @_;
	return text_field(3, text_field(1, $symbol) . join('', map { text_field(3, $_) } @{ $of{doc} // [] }) . ($of{kind} ? number_field(5, $of{kind}) : '')
		  . join('', map { text_field(4, text_field(1, $_->[0]) . join('', map { number_field($_, 1) } @{ $_->[1] })) } @{ $of{relations} // [] })
		  . (defined $of{signature} ? text_field(7, text_field(4, 'x') . text_field(5, $of{signature})) : ''));
}

sub document
{
	my ($path, $language, @parts) = @_;
	return text_field(2, text_field(1, $path) . join('', @parts) . ($language ? text_field(4, $language) : ''));
}

my $metadata = text_field(1, text_field(2, text_field(1, 'test') . text_field(2, '1')) . text_field(3, 'file:///tmp/x') . number_field(4, 1));
my $s = 'scip-test m p 1 ';		# what symbols begin with

# The lines that an index leads to.
sub leads_to
{
	my ($title, $index, $expected, %opt) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	codebase('odd');
	my ($status, $counts, $err) = import_into('odd', write_bytes('odd.scip', $index), %opt);
	is("$status|$err", '0|', "$title: imported");
	is(described('odd'), join("\n", sort split /\n/, $expected =~ s/^\t*//mgr), $title);
	return $counts;
}

my $simple = document('a.go', 'Go', occurrence("${s}a/f().", 1, [ 1, 5, 6 ], [ 1, 0, 3, 1 ]), occurrence("${s}a/g().", 1, [ 5, 5, 6 ], [ 5, 0, 6, 1 ]),
	occurrence("${s}a/g().", 0, [ 2, 1, 2 ]));
my $simple_lines = "function f a.go:2-4\nfunction g a.go:6-7\nf > Calls > g a.go:3";
leads_to('the simplest', $metadata . $simple, $simple_lines);
{
	codebase('odd');
	my ($status, $counts, $err) = import_into('odd', '-', input => $metadata . $simple);
	is("$status|$counts|$err", '0|entities_inserted=3 edges_inserted=1|', 'from standard input, by its content');
	($status, $counts, $err) = import_into('odd', write_bytes('named.bin', $simple));
	is("$status|$counts|$err", '0|entities_unchanged=3 edges_unchanged=1|', 'without metadata; nothing changes');
	($status, $counts) = import_into('odd', "$folder/named.bin", env => { PT_IMPORT_CHUNK => $_ }), is("$status|$counts", '0|entities_unchanged=3 edges_unchanged=1', "$_ bytes at a time")
	  foreach 1, 7;
	($status, $counts) = import_into('odd', "$folder/named.bin", arguments => [ '--prefix', 'sub/', '--root', '.' ]);
	is(value("SELECT string_agg(file_path, ' ' ORDER BY file_path) FROM odd.pt_entity WHERE name = 'f'"), 'a.go sub/a.go', 'a folder put in front');
}

# ---------------------------------------------------------------------------
# Odd shapes.
# ---------------------------------------------------------------------------

my $unknown = number_field(99, 5) . text_field(98, 'x' x 200) . varint(97 << 3 | 1) . '12345678' . varint(96 << 3 | 5) . '1234';
leads_to('unknown fields everywhere', $metadata . text_field(17, 'new') . number_field(18, 300)
	  . document('a.go', 'Go', $unknown, occurrence("${s}a/f().", 1, [ 1, 5, 6 ], undef, $unknown), text_field(3, text_field(1, "${s}a/f().") . $unknown)),
	'function f a.go:2-2');
leads_to('ranges that are not packed, of several lines, and of a type of their own',
	$metadata . document('a.go', 'Go',
		text_field(2, join('', map { number_field(1, $_) } 1, 5, 2, 3) . text_field(2, "${s}a/f().") . number_field(3, 1) . join('', map { number_field(7, $_) } 0, 0, 5, 0)),
		text_field(2, text_field(2, "${s}a/g().") . number_field(3, 1) . text_field(8, number_field(1, 7) . number_field(2, 2) . number_field(3, 4))
			  . text_field(11, number_field(1, 6) . number_field(3, 9) . number_field(4, 1))),
		text_field(2, text_field(2, "${s}a/f().") . text_field(9, number_field(1, 8) . number_field(2, 2) . number_field(3, 9)))),
	"function f a.go:1-5\nfunction g a.go:7-10\ng > Calls > f a.go:9");
leads_to('no range of what a name stands for, in Java: up to the next one', $metadata
	  . document('C.java', '',
		occurrence("${s}C#", 1, [ 2, 6, 7 ]), occurrence("${s}C#x.", 1, [ 3, 6, 7 ]), occurrence("${s}C#a().", 1, [ 5, 7, 8 ]), occurrence("${s}C#x.", 0, [ 6, 2, 3 ]),
		occurrence("${s}C#b().", 0, [ 7, 2, 3 ]), occurrence("${s}C#b().", 1, [ 9, 7, 8 ]), occurrence("${s}C#a().", 0, [ 10, 7, 8 ]),
		occurrence("${s}D#", 1, [ 13, 6, 7 ]), occurrence("${s}D#c().", 1, [ 14, 6, 7 ]), occurrence("${s}C#", 0, [ 15, 6, 7 ])),
	'class C C.java:3-13
	field x C C.java:4-4
	method a C C.java:6-9
	method b C C.java:10-13
	class D C.java:14-16
	method c D C.java:15-16
	C > Contains > C.x C.java:4
	C > Contains > C.a C.java:6
	C > Contains > C.b C.java:10
	C.a > Uses > C.x C.java:7
	C.a > Calls > C.b C.java:8
	C.b > Calls > C.a C.java:11
	D > Contains > D.c C.java:15
	D.c > Uses > C C.java:16');
leads_to('no such range of one, within another that has one', $metadata
	  . document('c.ts', '', occurrence("${s}C#", 1, [ 0, 6, 7 ], [ 0, 0, 9, 1 ]), occurrence("${s}C#a().", 1, [ 2, 2, 3 ]), occurrence("${s}C#b().", 1, [ 5, 2, 3 ], [ 5, 2, 6, 3 ]),
		occurrence("${s}C#c().", 1, [ 7, 2, 3 ]), occurrence("${s}C#", 0, [ 3, 2, 3 ]), occurrence("${s}C#b().", 0, [ 8, 2, 3 ])),
	'class C c.ts:1-10
	method a C c.ts:3-5
	method b C c.ts:6-7
	method c C c.ts:8-9
	C > Contains > C.a c.ts:3
	C > Contains > C.b c.ts:6
	C > Contains > C.c c.ts:8
	C.a > Uses > C c.ts:4
	C.c > Calls > C.b c.ts:9');
leads_to('symbols with escapes, kinds, locals and parameters', $metadata
	  . document("na\xC3\xAFve.rs", 'Rust',
		information('rust-x  y cargo a  b 1 m/`odd ``name``:x`#', kind => 49, doc => [ "```rust\nstruct X\n```", "\n\nFirst.\nSecond." ]),
		information('rust-x  y cargo a  b 1 m/`odd ``name``:x`#`<get>size`().', kind => 18, signature => "fn \"size\"()\n\\x"),
		information('rust-x  y cargo a  b 1 m/T#', kind => 53, relations => [ [ 'rust-x  y cargo a  b 1 m/`odd ``name``:x`#', [4] ] ]),
		occurrence('rust-x  y cargo a  b 1 m/`odd ``name``:x`#', 33, [ 0, 0, 3 ], [ 0, 0, 9, 0 ]),
		occurrence('rust-x  y cargo a  b 1 m/`odd ``name``:x`#`<get>size`().', 17, [ 1, 0, 3 ], [ 1, 0, 5, 0 ]), occurrence('local 1', 1, [ 2, 0, 1 ]), occurrence('local 1', 0, [ 3, 0, 1 ]),
		occurrence('rust-x  y cargo a  b 1 m/f().(p)', 1, [ 3, 2, 3 ]), occurrence('rust-x  y cargo a  b 1 m/f().[T]', 0, [ 3, 4, 5 ]),
		occurrence('rust-x  y cargo a  b 1 m/log!', 0, [ 3, 5, 6 ]), occurrence('rust-x  y cargo std . `io`/Read#read().', 0, [ 4, 5, 6 ]), occurrence('rust-x  y cargo std . io/', 2, [ 4, 0, 1 ]),
		occurrence('rust-x  y cargo a  b 1 m/T#', 1, [ 9, 0, 1 ]), occurrence('rust-x  y cargo a  b 1 m/log!', 64, [ 8, 5, 6 ])),
	"struct odd `name`:x na\xC3\xAFve.rs:1-9
	method size odd `name`:x na\xC3\xAFve.rs:2-5
	trait T na\xC3\xAFve.rs:10-10
	odd `name`:x > Contains > odd `name`:x.size na\xC3\xAFve.rs:2
	odd `name`:x.size > Calls > log (?) na\xC3\xAFve.rs:4
	odd `name`:x.size > Calls > Read::read (std) na\xC3\xAFve.rs:5
	odd `name`:x.size > Uses > io (std) na\xC3\xAFve.rs:5
	T > Uses > odd `name`:x na\xC3\xAFve.rs:10");
is(value("SELECT string_agg(concat_ws('|', name, entity_class, signature ->> 'text', properties ->> 'doc', properties ->> 'generated', language), E'\\n' ORDER BY line_start) FROM odd.pt_entity WHERE entity_type IN ('struct', 'method')"),
	"odd `name`:x|TEST|struct X|First.|rust\nsize|CODE|fn \"size\"()\n\\x|true|rust", '... and what is said of them');
leads_to('bases and interfaces', $metadata
	  . document('a.ts', 'TypeScript', (map { information("${s}$_->[0]#", kind => $_->[1], relations => [ map { [ "${s}$_#", [3] ] } @{ $_->[2] } ]) } [ 'I', 21, [] ], [ 'J', 21, ['I'] ], [ 'A', 7, ['J'] ], [ 'B', 7, [ 'A', 'I' ] ]),
		information("${s}B#m().", kind => 26, relations => [ [ "${s}A#m().", [ 2, 3 ] ], [ "${s}B#m().", [3] ], [ "${s}other#", [5] ] ]),
		(map { occurrence("${s}$_->[0]#", 1, [ $_->[1], 0, 1 ]) } [ 'I', 0 ], [ 'J', 1 ], [ 'A', 2 ], [ 'B', 4 ]),
		(map { occurrence("${s}$_#m().", 1, [ $_ eq 'A' ? 3 : 5, 0, 1 ]) } 'A', 'B')),
	'interface I a.ts:1-1
	interface J a.ts:2-2
	class A a.ts:3-4
	class B a.ts:5-6
	method m A a.ts:4-4
	method m B a.ts:6-6
	A > Contains > A.m a.ts:4
	B > Contains > B.m a.ts:6
	J > Extends > I a.ts:2
	A > Implements > J a.ts:3
	B > Extends > A a.ts:5
	B > Implements > I a.ts:5
	B.m > Implements > A.m a.ts:6');
leads_to('a document that comes twice, and a symbol of two files', $metadata . $simple . $simple
	  . document('b.go', 'Go', occurrence("${s}a/g().", 1, [ 0, 5, 6 ]), occurrence("${s}a/h().", 1, [ 2, 5, 6 ], [ 2, 0, 4, 0 ]), occurrence("${s}a/g().", 0, [ 3, 0, 1 ]))
	  . document('c.go', 'Go', occurrence("${s}a/g().", 0, [ 3, 0, 1 ]), occurrence("${s}a/g().", 0, [ 1, 0, 1 ])),
	"$simple_lines
	function g b.go:1-2
	function h b.go:3-4
	h > Calls > g b.go:4
	c.go > Uses > g c.go:2");
leads_to('bytes that are no UTF-8, and zeros', $metadata
	  . document("b\xFF.py", 'python', information("${s}a/f().", doc => ["d\xE9j\xE0 \0 vu"]), occurrence("${s}a/f().", 1, [ 0, 0, 1 ]), occurrence("${s}a/`\xFFz`.", 1, [ 1, 0, 1 ])),
	"function f b\xEF\xBF\xBD.py:1-2
	variable \xEF\xBF\xBDz b\xEF\xBF\xBD.py:2-2");
is(value("SELECT properties ->> 'doc' FROM odd.pt_entity WHERE name = 'f'"), "d\xEF\xBF\xBDj\xEF\xBF\xBD \xEF\xBF\xBD vu", '... in its documentation, too');
like(leads_to('what cannot be taken is listed, and the rest is there', $metadata . $simple
		  . document('b.go', 'Go', occurrence("${s}a/x().", 1, [ 1, 2 ]), occurrence("${s}a/x().", 0, [ -1, 2, 3 ]), occurrence("${s}a/x().", 0, [ 5, 2, 4, 3 ]), occurrence('nonsense', 0, [ 1, 2, 3 ]),
			occurrence("${s}a/`x().", 0, [ 1, 2, 3 ]), occurrence('', 0, [ 1, 2, 3 ]))
		  . document('', 'Go') . text_field(2, ''), $simple_lines),
	qr/edges_rejected=7/, '... and counted');
is(value('SELECT reason, count(*) FROM pt_import_rejection GROUP BY 1 ORDER BY reason COLLATE "C"'),
	"the document has no relative_path|2\nthe range of an occurrence is not three or four numbers, in order|3\nthe symbol is malformed|2", '... with the reasons');
value('TRUNCATE pt_import_rejection');
leads_to('a document larger than what is taken', $metadata . document('large.go', 'Go', $unknown x 3) . $simple, $simple_lines, env => { PT_IMPORT_MAX_ELEMENT => 200 });
is(value('SELECT position, reason, content FROM pt_import_rejection'), 'edges[0]|the document has 683 bytes, more than 200|documents[0]', '... is listed');

# ---------------------------------------------------------------------------
# What is no index.
# ---------------------------------------------------------------------------

codebase('odd');
import_into('odd', write_bytes('good.scip', $metadata . $simple));
{
	my $whole = $metadata . $simple . $simple;
	my %boundary = map { $_ => 1 } length($metadata . $simple), length $whole;
	my @wrong;
	for (my $length = 0; $length < length $whole; $length += 19)
	{
		my ($status, $counts, $err) = import_into('odd', write_bytes('cut.scip', substr $whole, 0, $length));
		push @wrong, "$length: $status $counts $err" if $status != ($boundary{$length} ? 0 : 1) || !$boundary{$length} && $err !~ /: (?:unexpected end|no document) in .*at byte \d+; nothing was imported\n\z/;
	}
	is("@wrong", '', 'an index that is cut off is refused');
}
foreach my $case (
	[ number_field(2, 5), qr/field 2 of wire type 0/ ], [ $metadata . "\x13", qr/field 2 of wire type 3/ ], [ $metadata . "\x16\x00", qr/wire type 6/ ],
	[ $metadata . text_field(2, number_field(1, 5)), qr/field 1 of a document is a number in documents\[0\], at byte \d+/ ],
	[ $metadata . document('a.go', 'Go', text_field(2, number_field(2, 5))), qr/field 2 of an occurrence is a number/ ],
	[ $metadata . document('a.go', 'Go', text_field(2, text_field(3, 'x'))), qr/field 3 of an occurrence is text/ ],
	[ $metadata . document('a.go', 'Go', text_field(2, "\x0B")), qr/field 1 of an occurrence has the wire type 3/ ],
	[ $metadata . document('a.go', 'Go', text_field(2, "\x12\x7F")), qr/unexpected end of an occurrence/ ],
	[ $metadata . document('a.go', 'Go', text_field(2, "\x00\x01")), qr/field 0 in an occurrence/ ],
	[ $metadata . text_field(2, "\xFF" x 11), qr/a number of more than ten bytes/ ],
	[ "\x12" . "\xFF" x 11, qr/a number of more than ten bytes/ ], [ 'hello', qr/of wire type/ ], [ '', qr/no document/ ], [ $metadata, qr/no document/ ])
{
	my ($bytes, $message) = @$case;
	my ($status, $counts, $err) = import_into('odd', write_bytes('bad.scip', $bytes));
	is("$status|$counts", '1|', 'refused: ' . unpack 'H30', $bytes);
	like($err, $message, 'and why');
}
is(described('odd'), join("\n", sort split /\n/, $simple_lines), 'and they have left nothing');

# ---------------------------------------------------------------------------
# A large one.
# ---------------------------------------------------------------------------

{
	my $files = 60;
	open my $out, '>:raw', "$folder/large.scip" or die;
	print $out $metadata;
	foreach my $file (1 .. $files)
	{
		my @parts;
		foreach my $f (1 .. 100)
		{
			my $line = $f * 20;
			push @parts, occurrence("${s}`m$file`/f$f().", 1, [ $line, 4, 8 ], [ $line, 0, $line + 19, 0 ]), information("${s}`m$file`/f$f().", doc => [ 'x' x 500 ]);
			push @parts, map { occurrence("${s}`m" . (($file * 7 + $_) % $files + 1) . "`/f" . (($f * $_) % 100 + 1) . '().', 8, [ $line + $_ % 19, 0, 5 ]) } (1 .. 3) x 6;
		}
		print $out document("src/m$file.py", 'python', @parts);
	}
	close $out;
	my @limit = system('sh', '-c', 'ulimit -v 150000 2>/dev/null') == 0 ? ('sh', '-c', 'ulimit -v 150000; exec "$@"', 'sh') : ();
	codebase('large');
	my ($status, $counts, $err) = import_into('large', "$folder/large.scip", before => \@limit);
	is("$status|$err", '0|', 'more than 100,000 occurrences, within 150 MB');
	is(value('SELECT (SELECT count(*) FROM large.pt_entity), count(*) FROM large.pt_edge'), 6060 . '|' . value(q{
		SELECT count(DISTINCT (file, f, target, (f * r) % 100)) FROM generate_series(1, 60) AS file, generate_series(1, 100) AS f, generate_series(1, 3) AS r,
			LATERAL (SELECT (file * 7 + r) % 60) AS t (target)}), 'all of them');
	unlink "$folder/large.scip";
	value('DROP SCHEMA large CASCADE');
}

# ---------------------------------------------------------------------------
# What indexers write.
# ---------------------------------------------------------------------------

my $indexers = $ENV{PT_SCIP};
SKIP:
{
	skip 'the indexers are not there: ' . ($ENV{PT_SCIP_MISSING} || 'PT_SCIP does not name them'), 1 unless $indexers;
	system('cp', '-R', "$top/test/scip", "$folder/trees") == 0 or die;
	write_bytes('environment.json', '[]');
	my %command = (
		python => [ "$indexers/node_modules/.bin/scip-python", 'index', '--project-name', 'fix', '--project-version', '1', '--environment', "$folder/environment.json" ],
		typescript => [ "$indexers/node_modules/.bin/scip-typescript", 'index' ]);
	foreach my $language (sort keys %command)
	{
		my ($out, $index) = ('', "$folder/$language.scip");
		IPC::Run::run([ 'sh', '-c', 'cd "$1" && shift && HOME="$PWD" exec "$@"', 'sh', "$folder/trees/$language", @{ $command{$language} }, '--output', $index ], '<', \undef, '>&', \$out);
		ok(-s $index, "an index of $language") or do { diag $out; next };
		codebase($language);
		my ($status, undef, $err) = import_into($language, $index);
		is("$status|$err", '0|', "$language: imported");
		is(described($language), join("\n", sort split /\n/, slurp_file("$top/test/scip/$language.expected")), "$language: all of it, and nothing else");
		is(value("SELECT count(*) FROM $language.pt_edge WHERE method <> 'scip' OR confidence IS NOT NULL"), 0, "$language: as facts");
		next unless $ENV{PT_INDEX};
		together($language, $index);
		joined($language);
	}
}

# pt-index and an index of the same tree, in both orders.
sub together
{
	my ($language, $index) = @_;
	my $pt_index = sub {
		my ($schema) = @_;
		IPC::Run::run([ $ENV{PT_INDEX}, '-d', $node->connstr('postgres'), '--graph', "$schema.pt_edge", "$folder/trees/$language" ], '<', \undef, '>&', \my $out);
		is($?, 0, "$language: pt-index into $schema") or diag $out;
	};
	codebase($_) foreach 'parsed_first', 'indexed_first';
	$pt_index->('parsed_first');
	my $entities = value('SELECT count(*) FROM parsed_first.pt_entity');
	import_into('parsed_first', $index);
	value("SELECT pt_resolve_references('parsed_first.pt_edge')");
	import_into('indexed_first', $index);
	$pt_index->('indexed_first');
	is(content('indexed_first'), content('parsed_first'), "$language: both orders lead to the same");
	foreach my $schema ('parsed_first', 'indexed_first')
	{
		my $before = versions($schema);
		import_into($schema, $index);
		$pt_index->($schema);
		import_into($schema, $index);
		is(versions($schema), $before, "$language: again and again nothing is written");
	}
	is(value("SELECT count(*) FROM parsed_first.pt_entity WHERE properties ->> 'indexer' IS DISTINCT FROM 'scip'"), $entities, "$language: what pt-index found keeps its keys");
	is(value(q{SELECT count(*) FROM parsed_first.pt_entity a JOIN parsed_first.pt_entity b USING (name, file_path)
		WHERE a.key < b.key AND a.entity_type <> 'file' AND int4range(a.line_start, a.line_end, '[]') && int4range(b.line_start, b.line_end, '[]')}),
		0, "$language: nothing is there twice");
	# whatever calls or uses an entity by the index is known to do so, and guessed to do nothing else by that name
	is(value(q{SELECT count(*) FROM parsed_first.pt_edge g JOIN parsed_first.pt_edge f ON f.from_key = g.from_key AND f.method = 'scip' AND f.edge_type IN ('Calls', 'Uses')
		WHERE g.confidence < 1 AND pt_key_name(g.reference_key) ~ ('(^|\W)' || pt_key_name(f.to_key) || '$') AND pt_key_kind(f.to_key) = 'local'}), 0, "$language: no guess competes with a fact");
	is(value("SELECT string_agg(l, E'\\n') FROM (SELECT format('%s %s %s', e.edge_type, f.name, t.name) AS l FROM indexed_first.pt_edge e JOIN indexed_first.pt_entity f ON f.key = from_key JOIN indexed_first.pt_entity t ON t.key = to_key WHERE method = 'scip' AND edge_type IN ('Calls', 'Uses', 'Implements', 'Extends') EXCEPT SELECT format('%s %s %s', e.edge_type, f.name, t.name) FROM $language.pt_edge e JOIN $language.pt_entity f ON f.key = from_key JOIN $language.pt_entity t ON t.key = to_key ORDER BY 1) AS x"),
		$language eq 'python' ? 'Calls run Circle' : "Calls inner normalize\nCalls main Memory\nCalls main.ts Memory", "$language: what calls and inner functions add to the facts");
	return;
}

# "./run index --scip" as it is, but for what it would build: in a folder in which all of that is there.
sub run_index_scip
{
	my (@arguments) = @_;
	my $checkout = "$folder/checkout";
	if (!-d $checkout)
	{
		system('mkdir', '-p', "$checkout/.pt/bin") == 0 or die;
		symlink "$top/$_", "$checkout/$_" or die foreach 'tools', 'demo', 'test';
		symlink $indexers, "$checkout/.pt/scip" or die;
		symlink $ENV{PT_INDEX}, "$checkout/.pt/bin/pt-index" or die;
	}
	local %ENV = ($node->_get_env(), HOME => $folder);
	my $script = 'set -eu; top=$1; shift; . "$top/tools/lib.sh"; . "$top/demo/demo.sh"; need_packages() { :; }; build_indexer() { :; }; index "$@"';
	IPC::Run::run([ 'sh', '-c', $script, 'sh', $checkout, @arguments ], '<', \undef, '>', \my $out, '2>', \my $err);
	return ($? >> 8, $out, $err);
}

# The graph of a tree that both have read, without what is elsewhere: see test/scip/README.
sub joined
{
	my ($language) = @_;
	my @into = ('-d', $node->connstr('postgres'), '--graph', "joined.pt_edge");
	value('DROP SCHEMA IF EXISTS joined CASCADE');
	# without it the indexer is told to do as if there were one
	unlink "$folder/trees/$language/tsconfig.json";
	my ($status, undef, $err) = run_index_scip('--scip', @into, '--create', "$folder/trees/$language");
	is($status, 0, "$language: ./run index --scip") or diag $err;
	is(value(q{
		WITH shown AS (
			SELECT key, entity_type, file_path, CASE entity_type WHEN 'file' THEN file_path ELSE concat_ws('.', properties ->> 'scope', name) END AS name FROM joined.pt_entity
		), lines (line) AS (
			SELECT concat_ws(' ', entity_type, name, properties ->> 'scope', file_path || ':' || line_start || '-' || line_end) FROM joined.pt_entity WHERE entity_type <> 'file'
			UNION ALL
			SELECT concat(f.name, ' > ', replace(edge_type, ' (resolved)', ''), ' > ', t.name, ' ', source_location, CASE WHEN confidence < 1 THEN ' guessed' END)
			FROM joined.pt_edge JOIN shown AS f ON f.key = from_key JOIN shown AS t ON t.key = to_key WHERE edge_type <> 'Contains'
		) SELECT line FROM lines ORDER BY line COLLATE "C"}), join("\n", sort split /\n/, slurp_file("$top/test/scip/$language.joined")), "$language: what both know, a fact where there is one");
	ok(!-e "$folder/trees/$language/tsconfig.json", "$language: and nothing stays in the tree");
	my $before = versions('joined');
	($status, undef, $err) = run_index_scip('--scip', @into, "$folder/trees/$language");
	is("$status " . versions('joined'), "0 $before", "$language: the second time nothing is written") or diag $err;
	return;
}

SKIP:
{
	skip 'pt-index or the indexers are not there', 1 unless $indexers && $ENV{PT_INDEX};
	my $connection = $node->connstr('postgres');
	foreach my $case ([ qr/--scip does not go with --json/, '--json', "$folder/trees" ], [ qr/--scip does not go with --watch/, '-d', $connection, '--watch', "$folder/trees" ],
		[ qr/there is no .*nowhere|cannot read/, '-d', $connection, "$folder/nowhere" ])
	{
		my ($message, @arguments) = @$case;
		my ($status, undef, $err) = run_index_scip('--scip', @arguments);
		is($status, 1, "./run index --scip @arguments is refused");
		like($err, $message, 'and why');
	}
	# the database may be named in all ways that pt-index knows, the last one counts
	value("CREATE DATABASE other_one");
	$node->safe_psql('other_one', 'CREATE EXTENSION parseltongue');
	my ($status, undef, $err) = run_index_scip('--scip', '-q', '-d', $connection, '-d' . $node->connstr('other_one'), "$folder/trees/python");
	is($status . ' ' . $node->safe_psql('other_one', "SELECT count(*) > 0 FROM pt_edge WHERE method = 'scip'"), '0 t', 'facts go where the rest goes') or diag $err;
	is(value("SELECT count(*) FROM pt_edge"), 0, 'and nowhere else');
}

# ---------------------------------------------------------------------------
# Databases of other tools.
# ---------------------------------------------------------------------------

SKIP:
{
	skip 'sqlite3 is not there', 1 if system('sh', '-c', 'command -v sqlite3 >/dev/null') != 0;

	# the columns that their sources create: see tools/PtSqlite.pm
	my %made = (
		'codegraph' => q{
			CREATE TABLE nodes (id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, qualified_name TEXT NOT NULL, file_path TEXT NOT NULL, language TEXT NOT NULL,
				start_line INTEGER NOT NULL, end_line INTEGER NOT NULL, start_column INTEGER NOT NULL, end_column INTEGER NOT NULL, docstring TEXT, signature TEXT, visibility TEXT,
				is_exported INTEGER DEFAULT 0, updated_at INTEGER NOT NULL);
			CREATE TABLE edges (id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, target TEXT NOT NULL, kind TEXT NOT NULL, metadata TEXT, line INTEGER, col INTEGER, provenance TEXT DEFAULT NULL);
			INSERT INTO nodes VALUES ('file:a.tsx', 'file', 'a.tsx', 'a.tsx', 'src/a.tsx', 'tsx', 1, 20, 0, 0, NULL, NULL, NULL, 0, 0),
				('c', 'class', 'View', 'View', 'src/a.tsx', 'tsx', 2, 9, 0, 0, 'Shows "it".' || char(10) || 'More.', NULL, 'public', 1, 0),
				('m', 'method', 'draw', 'View.draw', 'src/a.tsx', 'tsx', 3, 5, 0, 0, NULL, 'draw(): void', 'private', 0, 0),
				('f', 'function', 'paint\\', 'paint', 'src/b.ts', 'typescript', 1, 4, 0, 0, NULL, NULL, NULL, 1, 0),
				('t', 'type_alias', 'Key', 'Key', 'src/b.ts', 'typescript', 6, 6, 0, 0, NULL, NULL, NULL, 1, 0),
				('i', 'import', './b', './b', 'src/a.tsx', 'tsx', 1, 1, 0, 0, NULL, NULL, NULL, 0, 0);
			INSERT INTO edges (source, target, kind, metadata, line, provenance) VALUES ('file:a.tsx', 'c', 'contains', NULL, NULL, NULL), ('c', 'm', 'contains', NULL, NULL, NULL),
				('m', 'f', 'calls', '{"confidence": 0.9, "resolvedBy": "import"}', 4, NULL), ('m', 't', 'type_of', NULL, 3, 'tree-sitter'), ('c', 'c', 'extends', 'no json', 2, NULL),
				('f', 'c', 'instantiates', NULL, 2, 'heuristic'), ('file:a.tsx', 'i', 'imports', NULL, 1, NULL), ('file:a.tsx', 'f', 'imports', NULL, 1, NULL), ('file:a.tsx', 'c', 'exports', NULL, 1, NULL);},
		'codebase-memory-mcp' => q{
			CREATE TABLE nodes (id INTEGER PRIMARY KEY AUTOINCREMENT, project TEXT NOT NULL, label TEXT NOT NULL, name TEXT NOT NULL, qualified_name TEXT NOT NULL, file_path TEXT DEFAULT '',
				start_line INTEGER DEFAULT 0, end_line INTEGER DEFAULT 0, properties TEXT DEFAULT '{}', UNIQUE(project, qualified_name));
			CREATE TABLE edges (id INTEGER PRIMARY KEY AUTOINCREMENT, project TEXT NOT NULL, source_id INTEGER NOT NULL, target_id INTEGER NOT NULL, type TEXT NOT NULL, properties TEXT DEFAULT '{}',
				UNIQUE(source_id, target_id, type));
			INSERT INTO nodes (id, project, label, name, qualified_name, file_path, start_line, end_line, properties) VALUES (1, 'p', 'Project', 'p', 'p', '', 0, 0, '{}'), (2, 'p', 'File', 'm.go', 'p.m', 'cmd/m.go', 0, 0, '{}'),
				(3, 'p', 'Function', 'main', 'p.m.main', 'cmd/m.go', 3, 6, '{"signature": "func main()", "docstring": "Starts.", "is_test": false}'),
				(4, 'p', 'Interface', 'Store', 'p.m.Store', 'cmd/m.go', 8, 9, '{}'), (5, 'p', 'Method', 'Get', 'p.m.Mem.Get', 'cmd/m.go', 11, 12, 'no json');
			INSERT INTO edges (project, source_id, target_id, type, properties) VALUES ('p', 3, 5, 'CALLS', '{"confidence": 0.75}'), ('p', 2, 3, 'DEFINES', '{}'), ('p', 4, 5, 'DEFINES_METHOD', '{}'), ('p', 5, 4, 'IMPLEMENTS', '{}'),
				('p', 3, 4, 'USAGE', '{}'), ('p', 1, 2, 'CONTAINS_FILE', '{}'), ('p', 2, 2, 'FILE_CHANGES_WITH', '{}');},
		'code-review-graph' => q{
			CREATE TABLE nodes (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, name TEXT NOT NULL, qualified_name TEXT NOT NULL UNIQUE, file_path TEXT NOT NULL, line_start INTEGER, line_end INTEGER,
				language TEXT, parent_name TEXT, params TEXT, return_type TEXT, modifiers TEXT, is_test INTEGER DEFAULT 0, file_hash TEXT, extra TEXT DEFAULT '{}', updated_at REAL NOT NULL, signature TEXT);
			CREATE TABLE edges (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, source_qualified TEXT NOT NULL, target_qualified TEXT NOT NULL, file_path TEXT NOT NULL, line INTEGER DEFAULT 0,
				extra TEXT DEFAULT '{}', confidence REAL DEFAULT 1.0, confidence_tier TEXT DEFAULT 'EXTRACTED', updated_at REAL NOT NULL);
			INSERT INTO nodes (kind, name, qualified_name, file_path, line_start, line_end, language, parent_name, is_test, updated_at, signature) VALUES ('File', 'a.py', '/w/a.py', '/w/a.py', 1, 9, 'python', NULL, 0, 0, NULL),
				('Class', 'Job', '/w/a.py::Job', '/w/a.py', 1, 5, 'python', NULL, 0, 0, NULL), ('Function', 'run', '/w/a.py::Job.run', '/w/a.py', 2, 5, 'python', 'Job', 0, 0, 'def run(self)'),
				('Test', 'test_run', '/w/a.py::test_run', '/w/a.py', 7, 9, 'python', NULL, 1, 0, NULL);
			INSERT INTO edges (kind, source_qualified, target_qualified, file_path, line, confidence, updated_at) VALUES ('CALLS', '/w/a.py::Job.run', 'helper', '/w/a.py', 3, 1.0, 0), ('CALLS', '/w/a.py::test_run', '/w/a.py::Job.run', '/w/a.py', 8, 0.6, 0),
				('CONTAINS', '/w/a.py', '/w/a.py::Job', '/w/a.py', 1, 1.0, 0), ('CONTAINS', '/w/a.py::Job', '/w/a.py::Job.run', '/w/a.py', 2, 1.0, 0), ('INHERITS', '/w/a.py::Job', 'Base', '/w/a.py', 1, 1.0, 0),
				('TESTED_BY', '/w/a.py::Job.run', '/w/a.py::test_run', '/w/a.py', 0, 1.0, 0);});
	my %lines = (
		'codegraph' => 'class View src/a.tsx:2-9
			method draw src/a.tsx:3-5
			function paint\\ src/b.ts:1-4
			typedef Key src/b.ts:6-6
			View > Contains > draw src/a.tsx:2
			draw > Calls > paint\\ src/a.tsx:4
			draw > Uses > Key src/a.tsx:3
			paint\\ > Calls > View src/b.ts:2
			src/a.tsx > Uses > paint\\ src/a.tsx:1',
		'codebase-memory-mcp' => 'function main cmd/m.go:3-6
			interface Store cmd/m.go:8-9
			method Get cmd/m.go:11-12
			main > Calls > Get cmd/m.go:3
			main > Uses > Store cmd/m.go:3
			Store > Contains > Get cmd/m.go:8
			Get > Implements > Store cmd/m.go:11',
		'code-review-graph' => 'class Job a.py:1-5
			function run Job a.py:2-5
			test test_run a.py:7-9
			Job.run > Calls > helper (?) a.py:3
			test_run > Calls > Job.run a.py:8
			Job > Contains > Job.run a.py:2
			Job > Extends > Base (?) a.py:1');
	my %guessed = (
		'codegraph' => 'paint\\ 0.50 draw 0.90', 'codebase-memory-mcp' => 'main 0.75', 'code-review-graph' => 'test_run 0.60');
	my %left = (
		'codegraph' => '1 nodes of kind import, 1 edges of kind exports', 'codebase-memory-mcp' => '1 nodes of kind Project, 1 edges of kind (?:FILE_CHANGES_WITH|CONTAINS_FILE), 1 edges.*',
		'code-review-graph' => '1 edges of kind TESTED_BY');
	foreach my $tool (sort keys %made)
	{
		my $path = "$folder/$tool.db";
		IPC::Run::run([ 'sqlite3', $path ], '<', \$made{$tool}) or die;
		codebase('other');
		my ($status, $counts, $err) = import_into('other', $path, arguments => [ '--root', '/w' ]);
		is($status, 0, "$tool: imported") or diag $err;
		like($err, qr/^pt-import: left out: $left{$tool}\n\z/, "$tool: what is left out");
		is(described('other'), join("\n", sort split /\n/, $lines{$tool} =~ s/^\t*//mgr), "$tool: the rest");
		is(value("SELECT string_agg(concat(pt_key_name(from_key), ' ', confidence), ' ' ORDER BY from_key COLLATE \"C\") FROM other.pt_edge WHERE confidence < 1 AND method = '$tool'"), $guessed{$tool}, "$tool: and how sure it is");
		is(value("SELECT count(*) FROM other.pt_entity WHERE entity_class = 'TEST'"), $tool eq 'code-review-graph' ? 1 : 0, "$tool: tests are tests");
		my $before = versions('other');
		import_into('other', $path, arguments => [ '--root', '/w' ]);
		is(versions('other'), $before, "$tool: again");
	}
	IPC::Run::run([ 'sqlite3', "$folder/codebase-memory-mcp.db", "INSERT INTO nodes (project, label, name, qualified_name) VALUES ('q', 'Project', 'q', 'q')" ]) or die;
	IPC::Run::run([ 'sqlite3', "$folder/none.db", 'CREATE TABLE nodes (id)' ]) or die;
	foreach my $case ([ "$folder/codebase-memory-mcp.db", qr/it has several projects, p, q/ ], [ "$folder/none.db", qr/a database of none of the tools code-review-graph, codebase-memory-mcp, codegraph/ ],
		[ '-', qr/a database cannot be read from a pipe/ ], [ write_bytes('torn.db', "SQLite format 3\0" . 'x' x 200), qr/sqlite3 cannot read it/ ])
	{
		my ($path, $message) = @$case;
		my ($status, $counts, $err) = import_into('other', $path, $path eq '-' ? (input => "SQLite format 3\0") : ());
		is("$status|$counts", '1|', "refused: $path");
		like($err, $message, 'and why');
	}
}

unlike(slurp_file($node->logfile), qr/PANIC|TRAP|XX000/, 'nothing in the log');
$node->stop;
done_testing();
