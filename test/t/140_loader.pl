# tools/pt-import against pt_import: whatever the shape of a document, the two
# leave the same rows, counts and rejections, also where the document is read a
# few bytes at a time.  And what only the loader meets: documents that end too
# soon or are none, elements that are no jsonb, standard input, another loader.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use IPC::Run;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $loader = "$FindBin::RealBin/../../tools/pt-import";
my $folder = PostgreSQL::Test::Utils::tempdir();
my $node = pt_node('loader');
my $seed = $ENV{PT_SEED} // int rand 1e9;
note "PT_SEED=$seed";
srand $seed;

# x is loaded by the loader, y by pt_import.
$node->safe_psql('postgres', <<'SQL');
CREATE SCHEMA x;
CREATE SCHEMA y;
CREATE TABLE x.pt_entity (LIKE public.pt_entity INCLUDING ALL);
CREATE TABLE x.pt_edge (LIKE public.pt_edge INCLUDING ALL);
CREATE TABLE y.pt_entity (LIKE public.pt_entity INCLUDING ALL);
CREATE TABLE y.pt_edge (LIKE public.pt_edge INCLUDING ALL);
CREATE FUNCTION codebase_diff() RETURNS SETOF text LANGUAGE sql AS $$
	(SELECT concat('x: ', (to_jsonb(e) - 'updated_at')) FROM x.pt_entity e EXCEPT ALL SELECT concat('x: ', (to_jsonb(e) - 'updated_at')) FROM y.pt_entity e)
	UNION ALL
	(SELECT concat('y: ', (to_jsonb(e) - 'updated_at')) FROM y.pt_entity e EXCEPT ALL SELECT concat('y: ', (to_jsonb(e) - 'updated_at')) FROM x.pt_entity e)
	UNION ALL
	(SELECT concat('x: ', to_jsonb(e)) FROM x.pt_edge e EXCEPT ALL SELECT concat('x: ', to_jsonb(e)) FROM y.pt_edge e)
	UNION ALL
	(SELECT concat('y: ', to_jsonb(e)) FROM y.pt_edge e EXCEPT ALL SELECT concat('y: ', to_jsonb(e)) FROM x.pt_edge e)
$$;
-- what an import rejected, as one text
CREATE FUNCTION rejected(id bigint) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(concat_ws('|', kind, position, reason, content), E'\n' ORDER BY position COLLATE "C", kind), '')
	FROM pt_import_rejection WHERE import_id = id
$$;
SQL

# ---------------------------------------------------------------------------
# Running it.
# ---------------------------------------------------------------------------

# Returns the exit status, the counts as a hash, standard output and error.
sub run_loader
{
	my ($input, @arguments) = @_;
	local %ENV = $node->_get_env();
	my ($out, $err) = ('', '');
	IPC::Run::run([ $^X, $loader, @arguments ], '<', \$input, '>', \$out, '2>', \$err,
		IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
	my $status = $? >> 8;
	my %count = $out =~ /^(\w+) +\| +(\d+)$/mg;
	return ($status, \%count, $out, $err);
}

sub write_document
{
	my ($document) = @_;
	my $path = "$folder/document.json";
	open my $fh, '>:raw', $path or die "could not write $path: $!";
	print $fh $document;
	close $fh;
	return $path;
}

sub rows
{
	return $node->safe_psql('postgres',
		'SELECT (SELECT count(*) FROM x.pt_entity), (SELECT count(*) FROM x.pt_edge), (SELECT count(*) FROM pt_import_rejection)');
}

# The document by the loader into x and by pt_import into y.
sub same
{
	my ($title, $document, %opt) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $path = write_document($document);
	local $ENV{PT_IMPORT_CHUNK} = $opt{chunk} if $opt{chunk};

	my ($status, $count, $out, $err) = run_loader('', '-d', 'postgres', '--graph', 'x.pt_edge', @{ $opt{arguments} // [] }, $path);
	my $warned = $err =~ s/^WARNING: .*\n//mg;
	# all of its rows may be bad
	if ($status == 1 && $err =~ /no row of the document can be imported\nDETAIL:  (.*)/)
	{
		my ($theirs) = $node->psql('postgres', "SELECT pt_import(pg_read_file('$path')::jsonb, graph => 'y.pt_edge')", stderr => \my $their_err);
		like($their_err, qr/\Q$1\E/, "$title: refused");
		return;
	}
	if ($status != 0 || $err ne '')
	{
		fail("$title: the loader ended with $status");
		diag $err, $document;
		return;
	}
	my $sql = $opt{sql} // '';
	my $mine = delete $count->{import_id};
	my $expected = $node->safe_psql('postgres', <<"SQL");
\\x on
\\pset format aligned
SET client_min_messages = error;
SELECT * FROM pt_import(pg_read_file('$path')::jsonb, graph => 'y.pt_edge'$sql);
SELECT rejected($mine) = rejected(max(import_id)) AS same FROM (SELECT last_value AS import_id FROM pt_import_id) AS l;
SELECT string_agg(d, ' ') AS diff FROM codebase_diff() AS d;
SQL
	my %expected = $expected =~ /^(\w+) +\| +(\d+)$/mg;
	my $theirs = delete $expected{import_id};
	my $ok = $expected =~ /^same \| t$/m && $expected =~ /^diff \| *$/m && keys %expected == 11 && !grep { $count->{$_} ne $expected{$_} } keys %expected;
	ok($ok, $title)
	  or diag "$document\n$out$expected\n", $node->safe_psql('postgres', "SELECT rejected($mine) UNION ALL SELECT rejected($theirs)");
	return $count;
}

# ---------------------------------------------------------------------------
# Every shape, whole and in small pieces.
# ---------------------------------------------------------------------------
my @shapes = (
	[ 'the bare array', '[{"key": "c:fn:a:a.c:1-2", "name": "ä \u00e4 \ud83d\ude00 \"\\\\ \/"}, {"from_key": "a", "to_key": "b"}, {"key": "d", "forward_deps": ["a", 5, ""], "reverse_deps": ["e"]}, 7, "x", null, true, [], {}]' ],
	[ 'nothing in it', ' [ ] ' ],
	[ 'entities', '{"entities": [{"key":"e1","file_path":"./src/a.c","x":{"y":[1,2.5e3,{"z":null}]}},{"key":"e1","entity_type":"function"},{"entity_type":1,"key":"e2"}]}' ],
	[ 'edges and entities', qq({\n  "export_metadata": {"level": 0, "of": [1, {"a": "]}\\\\"}]},\n  "edges" : [\n\t{"from_key": "a",\r\n "to_key": "b", "source_location": "./a.c:1"} ,\n {"from_key": "a"}\n],\n "entities": []}) ],
	[ 'the answer of a server', '{"success": true, "data": {"total_count": 1, "entities": [{"key": "d1", "line_start": 3}], "entities2": [[[]]]}, "next": null}' ],
	[ 'an array as data', '{"data": [{"key": "d2"}, {"from_key": "d2", "to_key": "d1", "edge_type": "Uses"}]}' ],
	[ 'relations', '{"ok": true, "data": {"CodeGraph": {"headers": ["ISGL1_key", "Current_Code", "current_ind", "line_start"], "rows": [["r1", "int main()\n{\n\treturn 0;\n}\n", true, 1], ["r2", null, 1, null], ["r3"], {"ISGL1_key": "x"}], "next": null}, "DependencyEdges": {"rows": [["r1", "r2", "Calls"], ["r2", 1, "Calls"]], "headers": ["from_key", "to_key", "edge_type"]}}}' ],
	[ 'deletions', '{"-CodeGraph": {"headers": ["ISGL1_key"], "rows": [["r1"], [5]]}, "-DependencyEdges": {"headers": ["from_key", "to_key"], "rows": [["r1", "r2"]]}, "CodeGraph": {"headers": ["ISGL1_key", "name"], "rows": [["r2", "two"]]}, "Other": {"headers": ["x"], "rows": [["[{"]]}}' ],
	[ 'names written otherwise', '{"\u0065ntities": [{"\u006bey": "n1"}], "edges": [{"from\u005fkey": "n1", "to_key": "n1"}]}' ],
	[ 'a field that comes twice', '{"entities": [{"key": "t1"}], "edges": [{"from_key": "t1", "to_key": "t1"}], "entities": [{"key": "t2"}]}' ],
	[ 'data beside the real thing', '{"data": {"entities": [{"key": "u1"}]}, "edges": [{"from_key": "u1", "to_key": "u1", "edge_type": "Uses"}], "next": {"entities": [{"key": "u2"}]}}' ],
	[ 'data within data', '{"data": {"data": {"edges": [1]}, "entities": [{"key": "v1"}]}}' ],
	[ 'nodes and links', '{"directed": false, "graph": {"entities": 5}, "nodes": [{"id": "w1", "x": [1]}, {"id": 2}, {"id": null}], "links": [{"source": "w1", "target": 2, "confidence": 0.5}, {"source": 2}]}' ],
	[ 'nodes and edges as data', '{"data": {"nodes": [{"hash": 18446744073709551615, "kind": "Struct"}], "edges": [{"from": 1, "to": 2, "kind": "Calls", "confidence": 0.25, "method": "m"}, {"from": 1, "to": 3, "confidence": 7}]}}' ],
	[ 'all of it bad', '{"nodes": [{"group": 1}], "links": [5]}' ],
	[ 'long keys', '[{"key": "short"}, {"key": "' . 'k' x 3000 . '"}, {"from_key": "' . 'k' x 1300 . '", "to_key": "' . ('\u00e9' x 700) . '"}]' ],
);
foreach my $shape (@shapes)
{
	my ($title, $document) = @$shape;
	same($title, $document);
	same("$title, $_ bytes at a time", $document, chunk => $_) foreach 1, 7;
}
same('a folder taken off', '[{"key": "f1", "file_path": "/r o/o\'t/./a.c"}, {"from_key": "f1", "to_key": "f2", "source_location": "/r o/o\'t/a.c:1"}]',
	arguments => [ '--root', "/r o/o't" ], sql => ", root => '/r o/o''t'");
same('another type', '[{"key": "g1", "forward_deps": ["g2"]}]', arguments => [ '--dependency-type', "it's" ], sql => ", dependency_type => 'it''s'");
same('no dependencies', '[{"key": "h1", "forward_deps": ["h2"]}]', arguments => ['--no-dependencies'], sql => ', dependency_type => NULL');
my $spelt = '{"entities": [{"key": "c:fn:spelt:__a_c:1-2", "file_path": "a.c"}], "edges": [{"from_key": "c:fn:spelt:./a.c:1-2", "to_key": "x"}]}';
is(same('spellings kept', $spelt, arguments => ['--keep-spellings'], sql => ', join_spellings => false')->{edges_joined}, 0, '... and not joined');
$node->safe_psql('postgres', "DELETE FROM $_.pt_edge WHERE to_key = 'x' AND from_key LIKE 'c:fn:spelt:%'") foreach qw(x y);
is(same('spellings joined', $spelt, arguments => [ '--root', 'C:\\me' ], sql => ", root => 'C:\\me'")->{edges_joined}, 1, '... and counted');

# ---------------------------------------------------------------------------
# Random ones.
# ---------------------------------------------------------------------------
sub pick { return $_[ int rand @_ ] }
sub space { return pick('', '', '', ' ', "\n", "\t", "\r\n  ") }

sub text
{
	return '"' . join('', map { pick('a', 'b', 'é', '日', '😀', '\\"', '\\\\', '\\n', '\\u0041', '\\u00e9', '\\ud83d\\ude00', '[', '}', ',', ':', ' ') } 1 .. rand 6) . '"';
}

sub value
{
	my ($depth) = @_;
	my $kind = int rand($depth > 5 ? 5 : 7);
	return text() if $kind < 3;
	return pick('0', '-1', '12345678901234567890123456789012345', '1.5', '1e3', '-0.5E-2', '7') if $kind == 3;
	return pick('true', 'false', 'null') if $kind == 4;
	return array(map { value($depth + 1) } 1 .. rand 4) if $kind == 5;
	return members(map { (text() => value($depth + 1)) } 1 .. rand 4);
}

sub array { return '[' . space() . join(space() . ',' . space(), @_) . space() . ']' }

sub members
{
	my @members;
	while (my ($name, $value) = splice @_, 0, 2) { push @members, $name . space() . ':' . space() . $value }
	return '{' . space() . join(space() . ',' . space(), @members) . space() . '}';
}

sub key { return '"' . pick('c:fn:', '', 'é:') . pick('a' .. 'f') . pick('', ':x:1-2', '\\u00e9', '\\\\') . '"' }

sub element
{
	my ($what) = @_;
	return value(0) if rand() < 0.1;
	return members('"from_key"' => rand() < 0.9 ? key() : value(2), '"to_key"' => key(),
		rand() < 0.5 ? ('"edge_type"' => pick('"Calls"', '"Uses"', 'null', '5')) : (), rand() < 0.5 ? ('"source_location"' => rand() < 0.9 ? text() : value(1)) : ())
	  if $what eq 'edges' || $what eq 'both' && rand() < 0.5;
	return members(pick('"key"', '"ISGL1_key"', '"isgl1_key"') => key(), map { (pick('"x"', '"name"', '"file_path"', '"code"', '"forward_deps"', '"properties"', text()) => value(1)) } 1 .. rand 4);
}

sub relation
{
	my ($name) = @_;
	my @headers = $name =~ /Code/ ? ('"ISGL1_key"', '"name"', '"odd"') : ('"from_key"', '"to_key"', '"edge_type"');
	my @rows = map { rand() < 0.9 ? array(key(), rand() < 0.9 ? key() : value(1), value(2)) : value(0) } 1 .. rand 10;
	my @parts = ([ '"headers"' => array(@headers) ], [ '"rows"' => array(@rows) ], [ '"next"' => value(2) ]);
	return ("\"$name\"" => members(map { @$_ } rand() < 0.5 ? @parts : reverse @parts));
}

sub random_document
{
	my $kind = int rand 3;
	my $content =
	    $kind == 0 ? array('{"key": "always"}', map { element('both') } 1 .. rand 20)
	  : $kind == 1 ? members('"entities"' => array(map { element('entities') } 1 .. rand 10), '"noise"' => value(0), '"edges"' => array(map { element('edges') } 1 .. rand 10))
	  :              members(map { rand() < 0.6 ? relation($_) : () } 'CodeGraph', '-CodeGraph', 'DependencyEdges', '-DependencyEdges');
	$content = members(relation('CodeGraph')) if $content =~ /^\{\s*\}$/;
	return space() . (rand() < 0.5 ? $content : members('"ok"' => value(0), '"data"' => $content)) . space();
}

same("random document $_", random_document(), chunk => pick(1, 2, 3, 5, 16, 100, 1 << 18)) foreach 1 .. 40;

# ---------------------------------------------------------------------------
# Again: nothing is written.
# ---------------------------------------------------------------------------
$node->safe_psql('postgres', 'CREATE TABLE before AS SELECT ctid AS place, xmin::text AS writer, from_key, to_key FROM x.pt_edge; CREATE TABLE before_entity AS SELECT ctid AS place, xmin::text AS writer, key FROM x.pt_entity');
my $export = $node->safe_psql('postgres', "SELECT pt_export('x.pt_edge')");
my ($status, $count, $out, $err) = run_loader($export, '-d', 'postgres', '--graph', 'x.pt_edge', '-');
is($status, 0, 'an export from standard input');
is($err, '', 'no progress where there is no terminal');
is($count->{edges_unchanged} . ' ' . $count->{edges_inserted} . ' ' . $count->{edges_updated}, $node->safe_psql('postgres', "SELECT count(*) || ' 0 0' FROM x.pt_edge"), 'edges unchanged');
is($count->{entities_inserted}, 0, 'no new entity');
is($node->safe_psql('postgres', 'SELECT count(*) FROM x.pt_edge e FULL JOIN before b ON (e.ctid, e.xmin::text) = (b.place, b.writer) WHERE e.from_key IS NULL OR b.from_key IS NULL'), '0', 'no row of an edge was written');

# ---------------------------------------------------------------------------
# Bad elements are listed; the rest is there.
# ---------------------------------------------------------------------------
$node->safe_psql('postgres', 'TRUNCATE x.pt_entity, x.pt_edge, y.pt_entity, y.pt_edge, pt_import_rejection');
my @bad = (
	[ '{"key": "\u0000"}', 'unsupported Unicode escape sequence' ],
	[ '{"key": "\ud800"}', 'invalid input syntax for type json' ],
	[ '{"key": "a", "x": 1e999999}', 'value overflows numeric format' ],
	[ "{\"key\": \"line\nbreak\"}", 'invalid input syntax for type json' ],
	[ "{\"key\": \"\xff\"}", 'the element is not valid UTF-8' ],
	[ "{\"key\": \"\xed\xa0\x80\"}", 'the element is not valid UTF-8' ],
	[ "{\"key\": \"\0\"}", 'the element has a zero byte' ],
	[ '{"key": "a",}', 'invalid input syntax for type json' ],
	[ '{"key" "a"}', 'invalid input syntax for type json' ],
	[ '{"key": nul}', 'invalid input syntax for type json' ],
	[ 'NaN', 'invalid input syntax for type json' ],
	[ '{"key": "\x"}', 'invalid input syntax for type json' ],
	[ '01', 'invalid input syntax for type json' ],
	[ '[' x 50000 . ']' x 50000, 'stack depth limit exceeded' ],
	[ '{"key": "' . 'long' x 2500000 . '"}', 'the key has 10000000 bytes, more than 2600' ],
	[ '{"key": "' . 'é' x 600000 . '\u00e9"}', 'the element has 1200017 bytes, more than 1000000', 1000000 ],
);
foreach my $chunk (0, 3)
{
	foreach my $bad (@bad)
	{
		my ($text, $reason, $limit) = @$bad;
		next if $chunk && length $text > 1000;
		local $ENV{PT_IMPORT_CHUNK} = $chunk;
		local $ENV{PT_IMPORT_MAX_ELEMENT} = $limit // 0;
		my $title = substr $text, 0, 30;
		$title =~ s/[^ -~]/?/g;
		$node->safe_psql('postgres', 'TRUNCATE x.pt_entity, pt_import_rejection');
		($status, $count, $out, $err) = run_loader('', '-d', 'postgres', '--graph', 'x.pt_edge', write_document("{\"entities\": [{\"key\": \"good\"}, $text , {\"key\": \"too\"}]}"));
		is($node->safe_psql('postgres', "SELECT string_agg(key, ' ' ORDER BY key) FROM x.pt_entity") . " $status$err", 'good too 0', "$title: the others are in");
		is($node->safe_psql('postgres', "SELECT position, split_part(reason, ':', 1), char_length(content) BETWEEN 2 AND 1000 FROM pt_import_rejection"), "entities[1]|$reason|t", "$title: the reason");
	}
}

# ---------------------------------------------------------------------------
# Nothing is imported from what is no document.
# ---------------------------------------------------------------------------
$node->safe_psql('postgres', 'TRUNCATE x.pt_entity, x.pt_edge, pt_import_rejection');
my $good = '{"data": {"entities": [{"key": "a", "x": [{"y": "z\n"}]}, {"key": "b"}], "edges": [{"from_key": "a", "to_key": "b"}]}, "more": [1, "x"]}';
my $wrong = 0;
for (my $length = 0; $length < length $good; $length += 4)
{
	local $ENV{PT_IMPORT_CHUNK} = $length % 3 ? 5 : 0;
	($status, $count, $out, $err) = run_loader(substr($good, 0, $length), '-d', 'postgres', '--graph', 'x.pt_edge', '-');
	$wrong++, diag "$length: $status $out $err"
	  if $status != 1 || $out ne '' || $err !~ /^pt-import: standard input: unexpected end in .*, at byte \d+; nothing was imported\n\z/;
}
is($wrong, 0, 'a document cut off anywhere is refused');
foreach my $case (
	[ '[{"key": "a"} {"key": "b"}]', qr/unexpected \{ in \[0\], at byte 14;|unexpected \{ in \[0\]/ ],
	[ '[{"key": "a"},]', qr/unexpected \] in \[1\], at byte 14;/ ],
	[ '[{"key": "a"]', qr/unexpected \] in \[0\], at byte 12;/ ],
	[ '[,]', qr/unexpected , in \[0\], at byte 1;/ ],
	[ '{"entities": [{"key": "a"}]} x', qr/unexpected x behind the end of the document/ ],
	[ "[{\"key\": \"a\"}]\n[{\"key\": \"b\"}]", qr/unexpected \[ behind the end of the document/ ],
	[ "{\"key\": \"a\"}\n{\"key\": \"b\"}", qr/unexpected \{ behind the end of the document \(of several make one array/ ],
	[ '<!DOCTYPE html>', qr/unexpected < in the document, at byte 0;/ ],
	[ "// none\n[]", qr{unexpected / in the document, at byte 0;} ],
	[ '{"entities": [{"key": "a"}],}', qr/unexpected \}/ ],
	[ '{"entities" [{"key": "a"}]}', qr/unexpected \[/ ],
	[ '{entities: [{"key": "a"}]}', qr/unexpected e/ ],
	[ "\xff\xfe[\0]\0", qr/text in UTF-16, .* iconv -f UTF-16 -t UTF-8/ ],
	[ "\xfe\xff\0[\0]", qr/text in UTF-16/ ],
	[ "[\0]\0", qr/text in UTF-16/ ],
	[ "\0[\0]", qr/text in UTF-16/ ],
	[ "\xff\xfe\0\0[\0\0\0]\0\0\0", qr/text in UTF-32/ ],
	[ "\0\0\0[\0\0\0]", qr/text in UTF-32/ ],
	[ "\x1f\x8b\x08\x00", qr/zcat/ ],
	[ "PK\x03\x04", qr/compressed data, to be unpacked first/ ],
	[ '{"edges": [{"from": 1}, 5]}', qr/no row of the document can be imported\nDETAIL:  Rows that were rejected: 2. edges\[0\]: no to_key; edges\[1\]: not an object/ ],
	[ '', qr/unexpected end in the document, at byte 0;/ ],
	[ '5', qr/It is a number/ ],
	[ 'nul', qr/invalid input syntax for type json/ ],
	[ '[1, 2]', qr/It is an array with no object that has a key/ ],
	[ '{"a": 1, "entitie": []}', qr/It is an object with the fields "a", "entitie"/ ],
	[ '{"entities": {}}', qr/field "entities" of the document is not an array/ ],
	[ '{"CodeGraph": {"headers": ["x"], "rows": []}}', qr/relation "CodeGraph" has no header "ISGL1_key"/ ],
	[ '{"CodeGraph": {"headers": ["ISGL1_key"], "rows": {}}}', qr/is not an object with "headers" and "rows"/ ],
	[ '{"CodeGraph": [[]]}', qr/is not an object with "headers" and "rows"/ ])
{
	my ($document, $message) = @$case;
	my $title = $document;
	$title =~ s/[^ -~]/?/g;
	($status, $count, $out, $err) = run_loader($document, '-d', 'postgres', '--graph', 'x.pt_edge', '-');
	is("$status|$out", '1|', "refused: $title");
	like($err, $message, "why: $title");
}
is(rows(), '0|0|0', 'and nothing of them is left');

# ---------------------------------------------------------------------------
# Arguments, and servers that will not.
# ---------------------------------------------------------------------------
foreach my $case (
	[ 2, qr/^Usage/, [] ], [ 2, qr/^Usage/, [ 'a', 'b' ] ], [ 2, qr/^Unknown option: rot\n/, [ '--rot', 'x', '-' ] ],
	[ 2, qr/cannot read .*nowhere: No such file or directory/, ["$folder/nowhere"] ], [ 2, qr/cannot read .*Is a directory/, [$folder] ],
	[ 1, qr/"nothing" does not exist/, [ '-d', 'nothing', '-' ] ],
	[ 1, qr/database "template1" has no extension parseltongue/, [ '-d', 'template1', '-' ] ],
	[ 1, qr/relation "nothing" does not exist/, [ '-d', 'postgres', '--graph', 'nothing', '-' ] ],
	[ 1, qr/"pg_catalog\.pg_class" is not the edge table of a codebase/, [ '-d', 'postgres', '--graph', 'pg_class', '-' ] ])
{
	my ($expected, $message, $arguments) = @$case;
	# who reads nothing must not be written to
	($status, $count, $out, $err) = run_loader($expected == 2 ? '' : '[{"key": "a"}]', @$arguments);
	is($status, $expected, "exit status $expected: @$arguments");
	like($err, $message, "message: @$arguments");
}
($status, $count, $out, $err) = run_loader("\xef\xbb\xbf[{\"key\": \"bom\"}]", '-d', 'postgres', '--graph', 'x.pt_edge', '-');
is("$status|$count->{entities_inserted}", '0|1', 'a mark of the byte order is passed over');
# the reason is that of the document, whatever the database could not show of it
$node->safe_psql('postgres', "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
$node->safe_psql('latin', 'CREATE EXTENSION parseltongue');
($status, $count, $out, $err) = run_loader("[{\"key\": \"gr\xf6\xdfe\"}, {\"key\": \"gr\xc3\xb6\xc3\x9fe\"}]", '-d', 'latin', '-');
is("$status|$count->{entities_inserted}|$count->{entities_rejected}", '0|1|1', 'LATIN1 in a database of LATIN1');
is($node->safe_psql('latin', 'SELECT reason, content FROM pt_import_rejection'), 'the element is not valid UTF-8|{"key": "gr??e"}', '... is no UTF-8');
($status, $count, $out, $err) = run_loader('', '--help');
is("$status|$err", '0|', 'help');
$node->safe_psql('postgres', 'CREATE ROLE reader LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader');
($status, $count, $out, $err) = run_loader('[{"key": "a"}]', '-d', 'postgres', '-U', 'reader', '-');
is($status, 1, 'somebody without rights');
like($err, qr/permission denied/, 'is told so');

# an extension of another release
$node->safe_psql('postgres', 'CREATE DATABASE older');
$node->safe_psql('older', 'CREATE EXTENSION parseltongue; ALTER EXTENSION parseltongue DROP FUNCTION _parseltongue.pt_import_staged; DROP FUNCTION _parseltongue.pt_import_staged');
($status, $count, $out, $err) = run_loader('[{"key": "a"}]', '-d', 'older', '-');
is($status, 1, 'an extension of another release');
like($err, qr/ERROR:  the extension parseltongue of database "older" is of another release than this pt-import\nHINT:  Use ALTER EXTENSION/, 'is named as such');

# the extension in a schema of its own, found without a search_path; connections by conninfo
$node->safe_psql('postgres', 'CREATE DATABASE other');
$node->safe_psql('other', 'CREATE SCHEMA "the Place"; CREATE EXTENSION parseltongue SCHEMA "the Place"; ALTER DATABASE other SET search_path = nowhere');
($status, $count, $out, $err) = run_loader($good, '-d', $node->connstr('other'), '-');
is("$status|$err", '0|', 'into the extension\'s own tables, wherever they are');
is($node->safe_psql('other', 'SELECT count(*) FROM "the Place".pt_entity'), '2', 'they are in');

# ---------------------------------------------------------------------------
# Memory does not grow with the document.
# ---------------------------------------------------------------------------
SKIP:
{
	skip 'no limits here', 1 if system('sh', '-c', 'ulimit -v 1000000 2>/dev/null') != 0;
	my $path = "$folder/large.json";
	open my $fh, '>', $path or die "could not write $path: $!";
	print $fh '{"export_metadata": "', 'x' x 1e6, "\\n" x 1e5;
	print $fh 'y' x 1e6 for 1 .. 150;
	print $fh '", "other": [', join(',', ('{"a": [1, 2, "]"]}') x 2e5), '], "edges": [';
	print $fh join ',', map { "{\"from_key\": \"f$_\", \"to_key\": \"t\", \"source_location\": \"" . 'z' x 20000 . '"}' } 1 .. 2000;
	print $fh ']}';
	close $fh;
	my $size = int((-s $path) / 1e6);
	local %ENV = $node->_get_env();
	my $run_err = '';
	IPC::Run::run([ 'sh', '-c', 'ulimit -v 150000; exec "$@"', 'sh', $^X, $loader, '-d', 'postgres', '--graph', 'x.pt_edge', $path ], '>', \$out, '2>', \$run_err);
	like($out, qr/edges_inserted +\| 2000\n/, "a document of $size MB within 150") or diag $run_err;
	unlink $path;
}

# ---------------------------------------------------------------------------
# Several at once, of overlapping documents in different orders.
# ---------------------------------------------------------------------------
$node->safe_psql('postgres', 'TRUNCATE x.pt_entity, x.pt_edge, pt_import_rejection');
my @jobs;
foreach my $job (0 .. 3)
{
	my @n = sort { ($a * 7919 + $job * 31) % 4001 <=> ($b * 7919 + $job * 31) % 4001 } $job * 500 .. $job * 500 + 1999;
	@n = reverse @n if $job % 2;
	my $document = '{"entities": [' . join(', ', map { "{\"key\": \"k$_\", \"name\": \"$job\"}" } @n)
	  . '], "edges": [' . join(', ', map { "{\"from_key\": \"k$_\", \"to_key\": \"k" . ($_ * 3 % 2000) . "\", \"source_location\": \"$job:1\"}" } @n) . ']}';
	my $path = "$folder/job$job.json";
	append_to_file($path, $document);
	push @jobs, $job == 3
	  ? pt_bg($node, 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', 'postgres', '-c', "SELECT pt_import(pg_read_file('$path')::jsonb, graph => 'x.pt_edge')")
	  : pt_bg($node, $^X, $loader, '-d', 'postgres', '--graph', 'x.pt_edge', $path);
}
foreach my $job (0 .. 3)
{
	my ($rc, undef, $bg_err) = pt_bg_stop($jobs[$job]);
	is("$rc|$bg_err", '0|', "import $job of four at once");
}
is($node->safe_psql('postgres', "SELECT count(*), min(substr(key, 2)::int), max(substr(key, 2)::int) FROM x.pt_entity"), '3500|0|3499', 'every entity of each is there');
is($node->safe_psql('postgres', "SELECT count(DISTINCT from_key), count(*) FROM x.pt_edge"), '3500|3500', 'and every edge');
my $index = $node->safe_psql('postgres', "SELECT indexrelid::regclass FROM pg_index JOIN pg_class c ON c.oid = indexrelid JOIN pg_am a ON a.oid = relam WHERE indrelid = 'x.pt_edge'::regclass AND amname = 'adjacency'");
pt_clean($node, 'afterwards', $index);
unlike(slurp_file($node->logfile), qr/deadlock|PANIC|TRAP|XX000/, 'nothing in the log');
$node->stop;
done_testing();
