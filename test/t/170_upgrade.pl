# From each released version to this one: ALTER EXTENSION UPDATE makes what a new
# installation makes; a dump of the old version is restored into this one; old
# declarations that call the new library either answer as they did or say
# what to do; index files of the old version are read and written.
#
# test/fixtures/VERSION has what the old version itself made (tools/fixture).
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use IO::Uncompress::Gunzip qw(gunzip $GunzipError);
use IPC::Run;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $top = "$FindBin::RealBin/../..";
my $fixtures = "$top/test/fixtures";
my @released = map { m{.*/(.*)/answers\.out\z} } glob "$fixtures/*/answers.out";
my $catalog = slurp_file("$top/test/catalog.sql");

# Questions of an answers.sql that this version asks in other words, in the
# hope of the same answer: version => { name => SQL }.
my %today = (
	'0.1.0' => {
		# all that follow trusted facts only, if not told otherwise
		'blast radius' => "SET parseltongue.min_confidence = 1;\nSELECT distance, key FROM pt_blast_radius('rust:struct:Config<T>:./src/config.rs:1-9', NULL) ORDER BY 1, 2;",
		'blast radius with guesses' => "SELECT lowest, r.distance, r.key FROM unnest('{0.1,0.5,0.8,0.95}'::numeric[]) AS lowest, pt_blast_radius('rust:fn:parse:./src/parse/toml.rs:1-60', NULL, min_confidence => lowest) AS r ORDER BY 1, 2, 3;",
		'blast radius of strange keys' => "SELECT key, distance FROM pt_blast_radius(E'it''s \"quoted\" \\\\ ::<T>\\ttab', NULL) ORDER BY 2, 1;\n"
		  . "SELECT pt_blast_radius_count('rust:fn:parse:unknown:0-0'), pt_blast_radius_count('a', direction => 'out', graph => '\"Pt \"\"odd\"\".%s\".pt_edge');",
		# the function has the old columns in its text
		'blast radius of yesterday' => "SELECT key, distance FROM pt_blast_radius('rust:fn:save:./src/io.rs:22-40', NULL, graph => 'yesterday.pt_edge') ORDER BY 2, 1;",
		# without the headers and guesses that it did not have
		'export' => "SELECT string_agg(md5(jsonb_set(jsonb_set(d, '{data,DependencyEdges,headers}', (d #> '{data,DependencyEdges,headers}') - 'confidence' - 'method'), '{data,DependencyEdges,rows}',\n"
		  . "	(SELECT coalesce(jsonb_agg(r - 5 - 4 ORDER BY n) FILTER (WHERE coalesce((r ->> 4)::numeric, 1) = 1), '[]') FROM jsonb_array_elements(d #> '{data,DependencyEdges,rows}') WITH ORDINALITY AS x (r, n)))::text), '|' ORDER BY g)\n"
		  . "FROM (VALUES (1, pt_export()), (2, pt_export('yesterday.pt_edge'))) AS e (g, d);",
		'callers' => "SELECT from_key, to_key, edge_type, source_location FROM pt_callers('rust:fn:load:./src/io.rs:3-20') ORDER BY 1;",
		'callees' => "SELECT from_key, to_key, edge_type, source_location FROM pt_callees('rust:fn:load:./src/io.rs:3-20', min_confidence => 0.2) ORDER BY 2, 3;",
		'impact' => "SELECT key, distance, nearest_key FROM pt_impact('{rust:struct:Config<T>:./src/config.rs:1-9,rust:fn:save:./src/io.rs:22-40}', NULL) ORDER BY 2, 1;",
		'path' => "SELECT step, from_key, to_key, edge_type, source_location FROM pt_path('rust:fn:main:./src/main.rs:1-20', 'rust:fn:load:./src/io.rs:3-20') ORDER BY step;",
		'paths' => "SELECT path, step, from_key, to_key, edge_type, source_location FROM pt_paths('rust:fn:main:./src/main.rs:1-20', 'rust:struct:Config<T>:./src/config.rs:1-9', NULL) ORDER BY path, step;",
		'subgraph' => "SELECT from_key, to_key, edge_type, source_location, from_distance, to_distance, truncated FROM pt_subgraph('rust:fn:load:./src/io.rs:3-20', 1) ORDER BY 1, 2, 3;",
		'tests and unreferenced' => "SELECT key, distance, nearest_key FROM pt_affected_tests('{rust:struct:Config<T>:./src/config.rs:1-9}') ORDER BY 1;\n"
		  . "SELECT key, referrers FROM pt_unreferenced() ORDER BY 1;",
		'difference' => "SELECT * FROM pt_diff('yesterday.pt_edge', 'pt_edge') AS d ORDER BY d::text COLLATE \"C\";\n"
		  . "SELECT key, distance, nearest_key, change FROM pt_diff_radius('yesterday.pt_edge', 'pt_edge') ORDER BY 1;",
		'statistics' => "SELECT object, CASE object WHEN 'guesses' THEN method ELSE kind END, type, sum(count)::bigint FROM pt_statistics() AS s GROUP BY 1, 2, 3 ORDER BY (object, CASE object WHEN 'guesses' THEN method ELSE kind END, type, sum(count)::bigint)::text COLLATE \"C\";",
		'smalls' => "SELECT node, distance, parent FROM pt_bfs('app.smalls', 3::smallint, edge_types => '{1,2}') ORDER BY 2, 1;",
		'integers' => "SELECT lowest, node, distance FROM unnest('{NULL,0.3,0.5}'::numeric[]) AS lowest, pt_multi_source_bfs('app.integers', '{1,101}'::integer[], min_confidence => lowest) ORDER BY 1, 3, 2;",
		'bigs' => "SELECT node, distance FROM pt_bfs('app.bigs', 30000000000, 4, 'both') ORDER BY 2, 1;",
		'texts' => "SELECT node, distance FROM pt_bfs('app.texts', 'node 5', 3, min_confidence => 0.5) ORDER BY 2, 1;\n"
		  . "SELECT from_key, to_key, edge_type, source_location FROM pt_callers('node 6', graph => 'app.texts', min_confidence => 0.01) ORDER BY 1, 3;",
		'chars' => "SELECT node, distance FROM pt_bfs('app.chars', 'ñ105'::text, direction => 'in') ORDER BY 2, 1;",
		'uuids' => "SELECT node, distance FROM pt_bfs('app.uuids_adj', md5('3')::uuid, 3) ORDER BY 2, 1;\nSELECT node, distance FROM pt_bfs('app.uuids_back_adj', md5('3')::uuid, 3) ORDER BY 2, 1;",
		'domains' => "SELECT node, distance FROM pt_bfs('app.domains', '18'::text) ORDER BY 2, 1;",
		'unlogged' => "SELECT node, distance FROM pt_bfs('app.unlogged', 18, 6) ORDER BY 2, 1;",
		'partitions' => "SELECT node, distance FROM pt_bfs('app.parts_low', 18, 6) ORDER BY 2, 1;",
		'writing' => undef,		# below
	});
# the same but for one question in the middle
$today{'0.1.0'}{writing} = slurp_file("$fixtures/0.1.0/answers.sql") =~ s/.*^\\echo == writing\n(.*?)^\\echo == .*/$1/msr
  =~ s/SELECT \* FROM pt_blast_radius\('newer'\)/SELECT key, distance FROM pt_blast_radius('newer')/r;

my $node = PostgreSQL::Test::Cluster->new('upgrade');
$node->init;
$node->append_conf('postgresql.conf', "shared_preload_libraries = 'parseltongue'\nlog_statement = none\nautovacuum = off\n");
$node->start;
$node->safe_psql('postgres', 'CREATE ROLE pt_reader');
my ($current) = slurp_file("$top/parseltongue.control") =~ /^default_version = '(.*)'/m;

# ---- helpers ----

sub psql
{
	my ($db, $sql) = @_;
	my ($out, $err) = ('', '');
	IPC::Run::run([ 'psql', '-X', '-q', '-A', '-t', '-v', 'VERBOSITY=verbose', '-d', $node->connstr($db) ],
		'<', \$sql, '>', \$out, '2>', \$err);
	return ($out, $err);
}

# Answers are recorded in the order of bytes.
sub empty_database
{
	my ($db) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $db TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'");
	return;
}

# A database with the extension in this version, or a new one.
sub database
{
	my ($db, $version, $schema) = @_;
	empty_database($db);
	$node->safe_psql($db, ($schema ? "CREATE SCHEMA $schema; " : '') . 'CREATE EXTENSION parseltongue' . ($schema ? " SCHEMA $schema" : '') . ($version ? " VERSION '$version'" : ''));
	return;
}

# Lines that one text has more often than the other.
sub line_differences
{
	my ($old, $new) = @_;
	my %count;
	$count{$_}-- foreach split /\n/, $old;
	$count{$_}++ foreach split /\n/, $new;
	return map { ($count{$_} < 0 ? '- ' : '+ ') . $_ } grep { $count{$_} } sort keys %count;
}

sub same_catalogs
{
	my ($upgraded, $fresh, $what) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my ($old, $new) = map { $node->safe_psql($_, $catalog) } $upgraded, $fresh;
	cmp_ok(scalar(() = $new =~ /\n/g), '>', 1000, "$what: there is something to compare");
	unlike($new, qr/does not describe/, "$what: everything is compared");
	ok($old eq $new, "$what: the catalogs are those of a new installation")
	  or diag join "\n", 'upgraded (-), new (+):', line_differences($old, $new), 'or in another order';
	return;
}

# The blocks of a text, by the name in their first line.
sub blocks
{
	my ($before, %blocks) = split /^== (.*)\n/m, $_[0], -1;
	return \%blocks;
}

# What a database answers to the questions of a version: two references, to
# answers and to errors by name. With $words, asked as this version does.
sub ask
{
	my ($db, $version, $words) = @_;
	my $sql = slurp_file("$fixtures/$version/answers.sql");
	foreach my $name (keys %{ $words // {} })
	{
		$sql =~ s/^(\\echo == \Q$name\E\n).*?(?=^\\echo == |\z)/$1$words->{$name}\n/ms
		  or die "answers.sql of $version has no \"$name\"";
	}
	$sql =~ s/^\\echo (== .*)$/\\echo $1\n\\warn $1/mg;
	return map { blocks($_) } psql($db, $sql);
}

# Ask, and compare with what the version itself answered; all questions, or those
# whose names do not match a pattern.
sub same_answers
{
	my ($db, $version, $what, $but) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $expected = blocks(slurp_file("$fixtures/$version/answers.out"));
	my ($answers, $errors) = ask($db, $version, $today{$version});
	delete @$expected{ grep { $but && $_ =~ $but } keys %$expected };
	cmp_ok(scalar(keys %$expected), '>', $but ? 25 : 50, "$what: there is something to compare");
	my @wrong = grep { ($answers->{$_} // '') ne $expected->{$_} || ($errors->{$_} // '') ne '' } sort keys %$expected;
	is(join(', ', @wrong), '', "$what: the answers are those of $version")
	  or diag map { ("== $_\n", map({ "$_\n" } line_differences($expected->{$_}, $answers->{$_} // '')), $errors->{$_} // '') } @wrong;
	return;
}

# What a script says of its errors, which do not stop it.
sub ask_errors
{
	my ($db, $file) = @_;
	my ($out, $err) = ('', '');
	IPC::Run::run([ 'psql', '-X', '-q', '-d', $node->connstr($db), '-f', $file ], '>', \$out, '2>', \$err);
	return [ $err =~ /ERROR:  .*/g ];
}

sub restore
{
	my ($db, $file, $what) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	$node->command_ok([ 'psql', '-X', '-q', '-o', '/dev/null', '-v', 'ON_ERROR_STOP=1', '-d', $db, '-f', $file ], $what);
	return;
}

# C symbols with the signatures that are declared for them.
sub symbols
{
	my ($db, $change) = @_;
	my %symbols;
	my $out = $node->safe_psql($db, 'BEGIN;' . ($change // '') . <<'SQL');
SET LOCAL search_path = pg_catalog;
SELECT p.prosrc, format('(%s) returns %s%s%s',
	(SELECT string_agg(m || ' ' || format_type(t, NULL), ', ' ORDER BY n)
	 FROM unnest(coalesce(p.proallargtypes, p.proargtypes), p.proargmodes) WITH ORDINALITY AS a (t, m0, n), coalesce(m0::text, 'i') AS m),
	CASE WHEN p.proretset THEN 'setof ' END, format_type(p.prorettype, NULL), CASE WHEN p.proisstrict THEN ', strict' END)
FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang AND l.lanname = 'c'
	JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
	JOIN pg_extension AS x ON x.oid = d.refobjid AND x.extname = 'parseltongue';
ROLLBACK;
SQL
	foreach (split /\n/, $out)
	{
		my ($symbol, $signature) = split /\|/, $_, 2;
		$symbols{$symbol}{ $signature =~ s/public\.//gr } = 1;
	}
	return \%symbols;
}

# Symbols that are in both, with a signature that only the old one declares.
sub shared_symbols
{
	my ($old, $new) = @_;
	my @shared;
	foreach my $symbol (grep { $new->{$_} } sort keys %$old)
	{
		push @shared, "$symbol$_" foreach grep { !$new->{$symbol}{$_} } sort keys %{ $old->{$symbol} };
	}
	return @shared;
}

# ---- the comparisons see what they are for ----

database('fresh');
my $fresh = $node->safe_psql('fresh', $catalog);
my %changes = (
	'a volatility' => 'ALTER FUNCTION pt_key_kind(text) STABLE',
	'a parallel mark' => 'ALTER FUNCTION pt_key_kind(text) PARALLEL UNSAFE',
	'a cost' => 'ALTER FUNCTION pt_key_kind(text) COST 77',
	'a number of rows' => 'ALTER FUNCTION pt_blast_radius(text, bigint, text, text[], float8, text[], text[], text[], bigint, boolean, regclass) ROWS 77',
	'a setting' => 'ALTER FUNCTION pt_statistics(regclass) SET work_mem = 64',
	'a body' => 'CREATE OR REPLACE FUNCTION _parseltongue.pt_search_literal(part text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 2 AS $$ SELECT part $$',
	'a default' => 'CREATE OR REPLACE FUNCTION pt_key_kind(key text DEFAULT NULL) RETURNS text AS \'$libdir/parseltongue\' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1',
	'rights of a function' => 'REVOKE EXECUTE ON FUNCTION pt_key_kind(text) FROM PUBLIC',
	'a comment' => "COMMENT ON FUNCTION pt_key_kind(text) IS 'other'",
	'a comment of a column' => "COMMENT ON COLUMN pt_edge.method IS 'other'",
	'an aggregate' => 'CREATE OR REPLACE AGGREGATE pt_to_dot(from_key text, to_key text) (SFUNC = _parseltongue.pt_picture_add, STYPE = internal, FINALFUNC = _parseltongue.pt_picture_mermaid, PARALLEL = SAFE)',
	'a parallel mark of an aggregate' => 'CREATE OR REPLACE AGGREGATE pt_to_dot(from_key text, to_key text) (SFUNC = _parseltongue.pt_picture_add, STYPE = internal, FINALFUNC = _parseltongue.pt_picture_dot)',
	'a column' => 'ALTER TABLE pt_edge ADD COLUMN other integer',
	'a default of a column' => "ALTER TABLE pt_edge ALTER COLUMN edge_type SET DEFAULT 'Uses'",
	'a constraint' => 'ALTER TABLE pt_edge DROP CONSTRAINT pt_edge_guess_check',
	'an index' => 'DROP INDEX pt_edge_adjacency; CREATE INDEX pt_edge_adjacency ON pt_edge USING adjacency (from_key, to_key, edge_type)',
	'rights of a table' => 'GRANT SELECT ON pt_edge TO PUBLIC',
	'a field of a type' => 'ALTER TYPE _parseltongue.pt_import_part ADD ATTRIBUTE other text',
	'a sequence' => 'ALTER SEQUENCE pt_import_id CACHE 7',
	'what is dumped' => "UPDATE pg_extension SET extconfig = extconfig[:2], extcondition = extcondition[:2] WHERE extname = 'parseltongue'",
	'an operator class' => 'ALTER EXTENSION parseltongue DROP OPERATOR CLASS adjacency_uuid_ops USING adjacency',
	'a member too many' => 'CREATE FUNCTION pt_other() RETURNS integer LANGUAGE sql RETURN 1; ALTER EXTENSION parseltongue ADD FUNCTION pt_other()',
	'a member of a kind unknown to it' => 'CREATE CAST (_parseltongue.pt_search_terms AS _parseltongue.pt_import_part) WITH INOUT; ALTER EXTENSION parseltongue ADD CAST (_parseltongue.pt_search_terms AS _parseltongue.pt_import_part)',
	'the version' => "UPDATE pg_extension SET extversion = '0' WHERE extname = 'parseltongue'",
);
foreach my $what (sort keys %changes)
{
	isnt($node->safe_psql('fresh', "BEGIN; $changes{$what}; $catalog; ROLLBACK"), $fresh, "comparing catalogs: $what would be seen");
}
is($node->safe_psql('fresh', $catalog), $fresh, 'comparing catalogs: nothing changed, nothing seen');

my ($as_declared) = map { "pt_key_path$_" } keys %{ symbols('fresh')->{pt_key_path} };
my $language = q[ALTER EXTENSION parseltongue DROP FUNCTION pt_key_path(text); DROP FUNCTION pt_key_path(text) CASCADE;
	CREATE FUNCTION pt_key_path(%s) RETURNS %s AS '$libdir/parseltongue' LANGUAGE C %s; ALTER EXTENSION parseltongue ADD FUNCTION pt_key_path;];
foreach my $change ([ 'text, text', 'text', 'STRICT' ], [ 'text', 'SETOF text', 'STRICT' ], [ 'text, OUT a text, OUT b text', 'record', 'STRICT' ], [ 'text', 'text', '' ])
{
	is_deeply([ shared_symbols(symbols('fresh'), symbols('fresh', sprintf $language, @$change)) ],
		[$as_declared], "comparing symbols: ($change->[0]) returns $change->[1] $change->[2] would be seen");
}

# ---- what retired symbols say ----

$node->safe_psql('fresh', <<'SQL');
CREATE FUNCTION old_value(text) RETURNS text AS '$libdir/parseltongue', 'pt_retired' LANGUAGE C;
CREATE FUNCTION old_rows(regclass, OUT a text, OUT b integer) RETURNS SETOF record AS '$libdir/parseltongue', 'pt_retired' LANGUAGE C;
CREATE FUNCTION old_step(internal, text) RETURNS internal AS '$libdir/parseltongue', 'pt_retired' LANGUAGE C;
CREATE FUNCTION old_end(internal) RETURNS text AS '$libdir/parseltongue', 'pt_retired' LANGUAGE C;
CREATE AGGREGATE old_sum(text) (SFUNC = old_step, STYPE = internal, FINALFUNC = old_end);
SQL
my $session = $node->safe_psql('fresh', 'SELECT pid FROM pg_stat_activity WHERE backend_type = \'checkpointer\'');
foreach my $call ([ "SELECT old_value('x')", 'old_value(text)' ], [ 'SELECT * FROM old_rows(NULL)', 'old_rows(regclass)' ], [ "SELECT old_rows('pt_edge')", 'old_rows(regclass)' ], [ "SELECT old_sum('x')", 'old_step(internal,text)' ])
{
	my ($state, $out, $err) = pt_psql_state($node, 'fresh', $call->[0]);
	is($state, '55000', "$call->[0] is an error");
	like($err, qr/function \Q$call->[1]\E is declared as an earlier version of parseltongue had it\n.*HINT:  Run ALTER EXTENSION parseltongue UPDATE/s, 'which says what to do');
}
is($node->safe_psql('fresh', 'SELECT pid FROM pg_stat_activity WHERE backend_type = \'checkpointer\''), $session, 'and the server lives');
$node->safe_psql('fresh', 'DROP AGGREGATE old_sum(text); DROP FUNCTION old_value, old_rows, old_step, old_end');

# ---- version by version ----

is(join(' ', @released), join(' ', sort map { m{--([^-]*)\.sql\z} } grep { !m{--.*--} } glob "$top/upgrade/parseltongue--*.sql"), 'every released version has its fixture');
cmp_ok(scalar(@released), '>=', 1, 'and there is one');

foreach my $version (@released)
{
	my $db = 'v' . $version =~ s/\./_/gr;
	my $dump = "$fixtures/$version/dump.sql";
	isnt($node->safe_psql('postgres', "SELECT path FROM pg_extension_update_paths('parseltongue') WHERE source = '$version' AND target = '$current'"), '', "there is a way from $version to $current");

	# the old declarations and the new library, before the update
	database($db, $version);
	is($node->safe_psql($db, "SELECT extversion FROM pg_extension WHERE extname = 'parseltongue'"), $version, "$version can be installed");
	# What computes an answer while it is restored, has to wait for the update.
	my ($lost) = ask_errors($db, $dump);
	is(join("\n", grep { !/is declared as an earlier version of parseltongue had it/ } @$lost), '', "$version: its dump into itself");
	my $tables = q[SELECT format('%s.%s %s %s', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod))
		FROM pg_extension AS x, unnest(x.extconfig) AS t JOIN pg_class AS c ON c.oid = t JOIN pg_namespace AS n ON n.oid = c.relnamespace
			JOIN pg_attribute AS a ON a.attrelid = t AND a.attnum > 0 AND NOT a.attisdropped
		WHERE x.extname = 'parseltongue' AND c.relkind = 'r' ORDER BY c.relname, a.attnum];
	my @columns = split /\n/, $node->safe_psql($db, $tables);
	my $symbols = symbols($db);
	my $expected = blocks(slurp_file("$fixtures/$version/answers.out"));
	my ($answers, $errors) = ask($db, $version);
	my @retired = grep { ($errors->{$_} // '') =~ /ERROR:  55000: .*HINT:  Run ALTER EXTENSION parseltongue UPDATE|ERROR:  55000: materialized view .* has not been populated/s } sort keys %$expected;
	my %retired = map { $_ => 1 } @retired;
	note scalar(@retired) . ' questions must wait for the update: ' . join ', ', @retired;
	my @wrong = grep { !$retired{$_} && (($answers->{$_} // '') ne $expected->{$_} || ($errors->{$_} // '') ne '') } sort keys %$expected;
	is(join(', ', @wrong), '', "$version before the update: as ever, or an error that says what to do")
	  or diag map { ("== $_\n", line_differences($expected->{$_}, $answers->{$_} // ''), $errors->{$_} // '') } @wrong;

	# the update, seen from a session that has prepared a statement
	my $question = q[SELECT string_agg(from_key, ',' ORDER BY from_key) FROM pt_callers('rust:fn:load:./src/io.rs:3-20')];
	my $update = "psql -X -q -v ON_ERROR_STOP=1 -d \"" . $node->connstr($db) . "\" -c \"ALTER EXTENSION parseltongue UPDATE\"";
	my ($out, $err) = psql($db, "PREPARE q AS $question;\nEXECUTE q;\n\\echo ==\n\\warn ==\n\\! $update\nEXECUTE q;\n$question;\n");
	my ($before, $after) = split /^==\n/m, $err, 2;
	like($before, qr/\A\z|ERROR:  55000: .*HINT:  Run ALTER EXTENSION parseltongue UPDATE/s, "$version: a statement is prepared");
	is($after, '', "$version: the update, beneath views that use its functions");
	my ($prepared, $asked) = split /\n/, $out =~ s/.*^==\n//msr;
	like($asked, qr/^rust:fn:check_load:.*rust:fn:run:/, "$version: the statement survives it");
	is($prepared, $asked, "$version: with today's answer");
	is($node->safe_psql($db, "SELECT extversion FROM pg_extension WHERE extname = 'parseltongue'"), $current, "$version: is $current now");
	$node->safe_psql($db, $node->safe_psql($db, "SELECT string_agg(format('REFRESH MATERIALIZED VIEW %s', oid::regclass), '; ') FROM pg_class WHERE relkind = 'm' AND NOT relispopulated"));
	same_answers($db, $version, "$version, updated");

	# an empty one, beside a new one; and in a schema whose name needs quotes
	database("${db}_empty", $version);
	# a table that only looks like one to repair, whose owner has code behind it
	$node->safe_psql("${db}_empty", <<'SQL');
CREATE SCHEMA evil;
SET search_path = evil, public;
CREATE TYPE evil AS (x int);
CREATE FUNCTION evil_numeric(evil) RETURNS numeric IMMUTABLE LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'called by %', current_user; END$$;
CREATE CAST (evil AS numeric) WITH FUNCTION evil_numeric(evil) AS IMPLICIT;
CREATE FUNCTION evil_gt(evil, int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT true';
CREATE OPERATOR > (LEFTARG = evil, RIGHTARG = int, FUNCTION = evil_gt);
CREATE TABLE pt_edge (confidence evil, CONSTRAINT pt_edge_confidence_check CHECK (confidence > 0));
INSERT INTO pt_edge VALUES (ROW(1));
SQL
	$node->safe_psql("${db}_empty", 'ALTER EXTENSION parseltongue UPDATE');
	same_catalogs("${db}_empty", 'fresh', "$version, updated");
	my $schema = '"Graph Tools"';
	database("${db}_schema", $version, $schema);
	$node->safe_psql("${db}_schema", 'ALTER EXTENSION parseltongue UPDATE');
	database("${db}_schema_fresh", undef, $schema);
	same_catalogs("${db}_schema", "${db}_schema_fresh", "$version, updated, in another schema");

	is(join("\n", shared_symbols($symbols, symbols('fresh'))), '', "$version: no C function is declared otherwise under the same symbol");
	my %now = map { $_ => 1 } split /\n/, $node->safe_psql('fresh', $tables);
	cmp_ok(scalar(@columns), '>', 20, "$version: dumped tables have columns");
	is(join("\n", grep { !$now{$_} } @columns), '', "$version: this version has them all, in the same tables");

	# Dumps of the old version into this one. Views on functions that are declared
	# otherwise now are not to be had like this; everything else is.
	empty_database("${db}_restored");
	($lost) = ask_errors("${db}_restored", $dump);
	is(join("\n", grep { !/function .* does not exist|column .* does not exist|relation "app\.\w+" does not exist|column reference .* is ambiguous/ } @$lost), '',
		"$version: what its dump loses in this version");
	is($node->safe_psql("${db}_restored", "SELECT extversion FROM pg_extension WHERE extname = 'parseltongue'"), $current, "$version: which it becomes");
	same_answers("${db}_restored", $version, "$version, restored", qr/^view |^function |^codebases|^rights/);

	# and of what it was updated to
	my $again = $node->basedir . "/$db.sql";
	$node->command_ok([ 'pg_dump', '-f', $again, $db ], "$version, updated: pg_dump");
	empty_database("${db}_again");
	restore("${db}_again", $again, "$version, updated: its dump into this version");
	same_answers("${db}_again", $version, "$version, updated, dumped and restored");
}

# ---- index files ----

# What a walk of the pages' tables finds, against a recursive query and the
# rows: by labels and confidence, from some nodes and a stranger.
my $differences = <<'SQL';
CREATE FUNCTION page_differences(graph regclass) RETURNS SETOF text LANGUAGE plpgsql SET jit = off SET parseltongue.min_confidence = 1 AS $fn$
DECLARE
	label text := coalesce((SELECT 't::text' FROM pg_attribute WHERE attrelid = graph AND attname = 't'), 'NULL::text');
	confidence text := coalesce((SELECT 'confidence' FROM pg_attribute WHERE attrelid = graph AND attname = 'confidence'), 'NULL::numeric');
	start text;
	types text[];
	lowest numeric;
	asked integer := 0;
BEGIN
	FOR start IN EXECUTE format('(SELECT a::text FROM %1$s WHERE a IS NOT NULL ORDER BY md5(a::text) LIMIT 6)', graph) LOOP
		FOR types, lowest IN
			EXECUTE format('SELECT types, lowest FROM (SELECT NULL::text[] UNION ALL (SELECT array_agg(DISTINCT %1$s) FILTER (WHERE %1$s IS NOT NULL) FROM %2$s HAVING count(%1$s) > 0) '
				'UNION ALL (SELECT ARRAY[min(%1$s)] FROM %2$s HAVING count(%1$s) > 0)) AS x (types), unnest(%3$L::numeric[]) AS lowest', label, graph,
				CASE confidence WHEN 'confidence' THEN '{NULL,0.01,0.4,1}' ELSE '{NULL}' END)
		LOOP
			asked := asked + 1;
			RETURN QUERY EXECUTE format($q$
				WITH RECURSIVE edge (u, v, kind) AS MATERIALIZED (
					SELECT a::text, b::text, %2$s FROM %1$s
					WHERE a IS NOT NULL AND b IS NOT NULL AND ($2 IS NULL OR %2$s = ANY ($2)) AND (%3$s IS NULL OR %3$s >= coalesce($3, 1))),
				reached (node) AS (SELECT $1 UNION SELECT v FROM reached JOIN edge ON u = node)
				SELECT format('%%s of %%s from %%L (%%s, %%s): %%s', what, $4, $1, $2, $3, difference)
				FROM (
					SELECT 'not reached', node FROM ((SELECT node FROM reached WHERE node <> $1) EXCEPT ALL SELECT key FROM pt_blast_radius($1, NULL, 'out', $2, missing_ok => true, graph => $4, min_confidence => $3)) AS x
					UNION ALL
					SELECT 'not there', node FROM ((SELECT key FROM pt_blast_radius($1, NULL, 'out', $2, missing_ok => true, graph => $4, min_confidence => $3)) EXCEPT ALL SELECT node FROM reached WHERE node <> $1) AS x (node)
					UNION ALL
					SELECT 'no callee', x::text FROM ((SELECT u, v, kind FROM edge WHERE u = $1) EXCEPT ALL SELECT from_key, to_key, edge_type FROM pt_callees($1, $2, missing_ok => true, graph => $4, min_confidence => $3)) AS x
					UNION ALL
					SELECT 'not a callee', x::text FROM ((SELECT from_key, to_key, edge_type FROM pt_callees($1, $2, missing_ok => true, graph => $4, min_confidence => $3)) EXCEPT ALL SELECT u, v, kind FROM edge WHERE u = $1) AS x
				) AS d (what, difference)
			$q$, graph, label, confidence) USING start, types, lowest, graph;
		END LOOP;
	END LOOP;
	IF asked < 4 THEN
		RETURN NEXT format('%s of %s asked', asked, graph);
	END IF;
END $fn$;
SQL

sub pages_agree
{
	my ($db, $what, @names) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	foreach my $name (@names)
	{
		is($node->safe_psql($db, "SELECT * FROM pt_check_index('pages.$name') LIMIT 5"), '', "$what: $name and its table agree");
		next if $node->safe_psql($db, "SELECT count(*) FROM pages." . $name =~ s/_adj//r) eq '0';
		is($node->safe_psql($db, "SELECT * FROM page_differences('pages." . $name =~ s/_adj//r . "') LIMIT 5"), '', "$what: walks of $name equal the recursive query");
	}
	return;
}

# Magic and version of an index file's metapage.
sub metapage
{
	my ($path) = @_;
	open my $file, '<:raw', $path or die "could not open $path: $!";
	read $file, my $page, 8192;
	close $file;
	return unpack 'x24 L2', $page;
}

foreach my $version (@released)
{
	my $db = 'pages' . $version =~ s/\./_/gr;
	my $folder = "$fixtures/$version/pages";
	my %pages;
	foreach my $file (glob "$folder/*.gz")
	{
		my ($name) = $file =~ m{/([^/]*)\.gz\z};
		gunzip $file => \$pages{$name} or die "could not read $file: $GunzipError";
	}
	my @names = sort keys %pages;
	cmp_ok(scalar(@names), '>=', 7, "$version: index files");

  SKIP:
	{
		my ($magic, $format) = unpack 'x24 L2', $pages{ $names[0] };
		skip "$version: this machine has another order of bytes", 1 if $magic != 0x50744A61;
		skip "$version: this server has other blocks", 1 if $node->safe_psql('postgres', 'SHOW block_size') != 8192;

		database($db, $version);
		$node->safe_psql($db, slurp_file("$fixtures/$version/pages.sql"));
		is($node->safe_psql($db, slurp_file("$fixtures/places.sql")), slurp_file("$folder/places") =~ s/\s+\z//r, "$version: rows are where they were when the files were made")
		  or next;
		is($node->safe_psql($db, q[SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class AS c JOIN pg_am AS m ON m.oid = relam AND amname = 'adjacency' WHERE relnamespace = 'pages'::regnamespace]), "@names", "$version: and these are their indexes");
		my %path = map { $_ => $node->data_dir . '/' . $node->safe_psql($db, "SELECT pg_relation_filepath('pages.$_')") } @names;
		$node->stop;
		foreach my $name (@names)
		{
			open my $file, '>:raw', $path{$name} or die "could not open $path{$name}: $!";
			print $file $pages{$name};
			close $file or die "could not write $path{$name}: $!";
		}
		$node->start;
		$node->safe_psql($db, "ALTER EXTENSION parseltongue UPDATE;\n$differences");
		pages_agree($db, "index files of $version", @names);

		my $formats = 'SELECT string_agg(s.format::text, \'\' ORDER BY t) FROM unnest(\'{' . join(',', @names) . '}\'::text[]) AS t, pt_graph_status(format(\'pages.%I\', t)::regclass) AS s';
		like($node->safe_psql($db, $formats), qr/^1+\z/, "index files of $version: pt_graph_status tells their format");

		# written to: enough for the log to get new pages
		my %more = map { $_ => $node->safe_psql($db, "SELECT format('%s SELECT %s FROM generate_series(1000, 1400) AS i', table_name, string_agg(CASE WHEN column_name IN ('a', 'b') AND data_type = 'uuid' THEN format('md5((i + %s)::text)::uuid', (column_name = 'b')::integer) WHEN column_name IN ('a', 'b') THEN format('(i + %s)::%s', (column_name = 'b')::integer, data_type) WHEN column_name = 't' THEN '(i % 4)::' || data_type WHEN column_name = 'confidence' THEN 'nullif(i % 5 * 0.1, 0)' ELSE 'NULL' END, ', ' ORDER BY ordinal_position)) FROM information_schema.columns WHERE table_schema = 'pages' AND table_name = '" . s/_adj//r . "' GROUP BY table_name") } @names;
		$node->safe_psql($db, "SET client_min_messages = error; SET search_path = pages, public;\n" . join '', map { "INSERT INTO $more{$_};\n" } @names);
		pages_agree($db, "index files of $version, appended to", @names);
		$node->safe_psql($db, "DELETE FROM pages.$_ WHERE md5(a::text) < '4'; VACUUM pages.$_") foreach map { s/_adj//r } @names;
		pages_agree($db, "index files of $version, vacuumed", @names);
		$node->stop('immediate');
		$node->start;
		pages_agree($db, "index files of $version, after a crash", @names);
		$node->safe_psql($db, "DELETE FROM pages.$_ WHERE md5(a::text) < 'd'; VACUUM pages.$_; VACUUM pages.$_") foreach map { s/_adj//r } @names;
		pages_agree($db, "index files of $version, compacted", @names);

		# in their own format all the while; a build takes the present one
		$node->safe_psql($db, 'CHECKPOINT');
		is(join(' ', map { (metapage($path{$_}))[1] } @names), join(' ', map { (unpack 'x24 L2', $pages{$_})[1] } @names), "index files of $version keep their format");
		like($node->safe_psql($db, $formats), qr/^1+\z/, "index files of $version: and pt_graph_status says so");

		# they lack rows with one end, so who is made to scan them reads the table
		my $scan = "SELECT count(*) FROM pages.bigs WHERE a = 770 AND costly(b); SELECT count(*) FROM pages.bigs WHERE b = 770 AND costly(a)";
		$node->safe_psql($db, "CREATE FUNCTION costly(bigint) RETURNS boolean LANGUAGE plpgsql COST 1e20 AS 'BEGIN RETURN true; END'");
		$node->safe_psql($db, 'DELETE FROM pages.bigs WHERE 770 IN (a, b); INSERT INTO pages.bigs (a, b) VALUES (770, NULL), (NULL, 770), (770, 1)');
		like($node->safe_psql($db, "EXPLAIN (COSTS OFF) $scan"), qr/Bitmap Index Scan on bigs_adj/, "index files of $version: a scan that is forced");
		is($node->safe_psql($db, $scan), "2\n1", 'finds rows with one end');
		is($node->safe_psql($db, "SELECT * FROM pt_check_index('pages.bigs_adj')"), '', 'which the index need not have');

		# a table has another index beside such a one, with a weight; they do not disturb each other
		$node->safe_psql($db, 'ALTER TABLE pages.bigs ADD COLUMN cost real; UPDATE pages.bigs SET cost = a % 1000 - b % 77 WHERE a % 3 > 0; CREATE INDEX bigs_cost ON pages.bigs USING adjacency (a, b) INCLUDE (cost)');
		is($node->safe_psql($db, "SELECT format FROM pt_graph_status('pages.bigs_cost')"), '2', "$version: a new index has the present format");
		$node->safe_psql($db, "INSERT INTO pages.bigs SELECT i, i * 3, nullif(i, 5) FROM generate_series(1, 300) AS i; DELETE FROM pages.bigs WHERE a % 7 = 0; VACUUM pages.bigs");
		is($node->safe_psql($db, "SELECT * FROM pt_check_index('pages.bigs_cost')"), '', "$version: and agrees with its table");
		is($node->safe_psql($db, "SELECT * FROM pt_check_index('pages.bigs_adj')"), '', "$version: as does the one beside it");
		is($node->safe_psql($db, "SELECT count(*) FROM ((SELECT a::text, b::text, cost::float8 FROM pages.bigs WHERE cost IS NOT NULL) EXCEPT ALL SELECT * FROM _parseltongue.pt_weighted_edges('pages.bigs')) AS x"), '0', "$version: which has the weights of the rows");
		$node->safe_psql($db, 'DROP INDEX pages.bigs_cost');

		$node->safe_psql($db, 'REINDEX SCHEMA pages');
		pages_agree($db, "indexes of $version, rebuilt", @names);
		like($node->safe_psql($db, $formats), qr/^2+\z/, "indexes of $version, rebuilt: in the present format");
	}
}

# ---- what later versions may write ----

# Entries of rows with one end, which no walk knows of; and a format that this
# version does not know, which nobody reads or writes.
SKIP:
{
	my $little = unpack('C', pack 'S', 1) == 1;
	skip 'this machine has another order of bytes', 1 if !$little;
	$node->safe_psql('fresh', <<'SQL');
CREATE TABLE later (a int, b int, cost int) WITH (autovacuum_enabled = off);
INSERT INTO later SELECT i, i + 1, i FROM generate_series(1, 500) AS i;
CREATE INDEX later_adj ON later USING adjacency (a, b) INCLUDE (cost);
CREATE TABLE unknown (a int, b int);
CREATE INDEX unknown_adj ON unknown USING adjacency (a, b);
INSERT INTO unknown VALUES (1, 2);
SQL
	my %path = map { $_ => $node->data_dir . '/' . $node->safe_psql('fresh', "SELECT pg_relation_filepath('$_')") } qw(later_adj unknown_adj);
	my $checksums = $node->safe_psql('fresh', 'SHOW data_checksums');
	$node->stop;
	# what is written here has none, which 18 has by default
	PostgreSQL::Test::Utils::system_or_bail('pg_checksums', '--disable', '-D', $node->data_dir) if $checksums eq 'on';
	my $write = sub {
		my ($path, $at, $bytes) = @_;
		open my $file, '+<:raw', $path or die "could not open $path: $!";
		seek $file, $at, 0;
		print $file $bytes;
		close $file or die "could not write $path: $!";
	};
	# flags of the entries of rows 11 and 12, in the first page of the log
	$write->($path{later_adj}, 8192 + 24 + 10 * 48 + 38, pack('S', 0x0004 | 0x0008));
	$write->($path{later_adj}, 8192 + 24 + 11 * 48 + 38, pack('S', 0x0004 | 0x0010));
	$write->($path{unknown_adj}, 28, pack('L', 3));
	$node->start;
	my $found = "SELECT string_agg(node::text, ' ' ORDER BY node) FROM pt_bfs('later', 9)";
	my $weights = "SELECT count(*), sum(weight) FROM _parseltongue.pt_weighted_edges('later')";
	is($node->safe_psql('fresh', $found), '9 10 11', 'a walk passes over entries that are no edges');
	is($node->safe_psql('fresh', $weights), '498|' . (500 * 501 / 2 - 23), 'a weighted one, too');
	is($node->safe_psql('fresh', "SELECT problem, a FROM pt_check_index('later_adj') AS c JOIN later ON later.ctid = c.tid ORDER BY a"), "mismatch|11\nmismatch|12",
		'and they are not those of a row with two ends');
	is($node->safe_psql('fresh', 'DELETE FROM later WHERE a IN (12, 13); VACUUM later; DELETE FROM later WHERE a > 100; VACUUM later; ' . $found), '9 10 11', 'VACUUM and compaction take them along');
	is($node->safe_psql('fresh', "SELECT epoch > 0, (SELECT count(*) FROM _parseltongue.pt_weighted_edges('later')), (SELECT sum(weight) FROM _parseltongue.pt_weighted_edges('later')) FROM pt_graph_status('later')"),
		't|97|' . (100 * 101 / 2 - 11 - 12 - 13), 'and compacted it is');
	foreach my $sql ("SELECT * FROM pt_bfs('unknown', 1)", 'INSERT INTO unknown VALUES (2, 3)', 'VACUUM (INDEX_CLEANUP ON) unknown')
	{
		my ($state, undef, $err) = pt_psql_state($node, 'fresh', "$sql;");
		is($state, 'XX002', "a format of a later version: $sql");
		like($err, qr/format version 3 .* expected at most 2/, 'which is named');
	}
	is($node->safe_psql('fresh', "REINDEX INDEX unknown_adj; SELECT count(*) FROM pt_bfs('unknown', 1)"), '2', 'until it is built anew');
}

$node->stop;
done_testing();
