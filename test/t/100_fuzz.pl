# Arguments nobody meant: every pt_* function of the catalog, every position
# with NULL and with values at the edges of its type, and random combinations.
# A failure must have an SQLSTATE of its own, never XX000, and never cost the
# connection.  The seed is printed; PT_SEED repeats a run.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $seed = $ENV{PT_SEED} // int(rand(2**31));
srand($seed);
diag "PT_SEED=$seed";

my $node = pt_node('fuzz', preload => 1, conf => "statement_timeout = 60s\nlog_min_messages = error\n");
$node->safe_psql('postgres', <<'SQL');
CREATE TABLE g (a int, b int, t text);
CREATE INDEX g_adj ON g USING adjacency (a, b, t);
INSERT INTO g VALUES (1, 2, 'x'), (2, 3, NULL), (3, 1, 'y'), (NULL, 1, 'x'), (2147483647, -2147483648, ''), (3, 3, 'x'), (1, 2, 'x');
CREATE TABLE big (a bigint, b bigint, l int);
CREATE INDEX big_adj ON big USING adjacency (a, b, l);
INSERT INTO big VALUES (1, 9223372036854775807, 1), (9223372036854775807, -9223372036854775808, NULL);
CREATE TABLE small (a smallint, b smallint);
CREATE INDEX small_adj ON small USING adjacency (a, b);
INSERT INTO small VALUES (1, 2), (2, -32768);
CREATE TABLE u (a uuid, b uuid);
CREATE INDEX u_adj ON u USING adjacency (a, b);
INSERT INTO u VALUES ('00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff');
CREATE TABLE w (a text, b text, cost float8);
CREATE INDEX w_adj ON w USING adjacency (a, b) INCLUDE (cost);
INSERT INTO w VALUES ('1', '2', 0.5), ('2', '3', NULL), ('2', '1', -1e308), ('k1', 'k2', 'Infinity'), ('k2', 'k3', 'NaN');
CREATE VIEW vw AS SELECT a AS source, b AS target, cost, 1e308::float8 AS weight FROM w;
CREATE TABLE road (a text, b text, cost numeric);
CREATE INDEX road_adj ON road USING adjacency (a, b) INCLUDE (cost);
INSERT INTO road VALUES ('k1', 'k2', 0.5), ('k2', 'k1', 1), ('k2', '1', NULL), ('1', '2', 1e300), ('2', 'k3', -1), ('k1', 'k1', 3);
CREATE TABLE lanes (a bigint, b bigint, cost int);
CREATE INDEX lanes_adj ON lanes USING adjacency (a, b) INCLUDE (cost);
INSERT INTO lanes VALUES (1, 2, 3), (2, 9223372036854775807, 2147483647);
CREATE TABLE links (a uuid, b uuid, cost real);
CREATE INDEX links_adj ON links USING adjacency (a, b) INCLUDE (cost);
INSERT INTO links VALUES ('00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff', 1);
CREATE TABLE empty (a text, b text);
CREATE INDEX empty_adj ON empty USING adjacency (a, b);
CREATE TABLE two (a int, b int);
CREATE INDEX two_1 ON two USING adjacency (a, b);
CREATE INDEX two_2 ON two USING adjacency (b, a);
CREATE TABLE none (a int, b int);
CREATE VIEW v AS SELECT * FROM g;
CREATE MATERIALIZED VIEW mv AS SELECT a, b FROM g;
CREATE INDEX mv_adj ON mv USING adjacency (a, b);
CREATE TABLE part (a int, b int) PARTITION BY RANGE (a);
CREATE TABLE part1 PARTITION OF part FOR VALUES FROM (0) TO (10);
CREATE INDEX part1_adj ON part1 USING adjacency (a, b);
CREATE SEQUENCE seq;
CREATE INDEX g_btree ON g (a);
SELECT pt_insert_edges('[{"from_key": "k1", "to_key": "k2"}, {"from_key": "k2", "to_key": "k1", "edge_type": ""}]');
SELECT pt_insert_entity('k3', signature => 'null', properties => '{"a": [1, {"b": null}]}');

-- Runs a statement and undoes it; its SQLSTATE, 00000 if it succeeded.
CREATE FUNCTION attempt(sql text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	state text := '00000';
	message text;
BEGIN
	BEGIN
		EXECUTE sql;
		RAISE EXCEPTION USING ERRCODE = 'ZZZZZ';
	EXCEPTION
		WHEN SQLSTATE 'ZZZZZ' THEN NULL;
		WHEN query_canceled THEN state := '57014';
		WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
			IF message = '' OR state = '00000' THEN state := 'XX000'; END IF;
			IF state LIKE 'XX%' THEN RAISE WARNING 'fuzz: % % in %', state, message, sql; END IF;
	END;
	RETURN state;
END $$;
SQL

my @regclasses = map { "'$_'::regclass" }
  qw(g g_adj big small u w w_adj vw road lanes links empty two two_1 none v mv mv_adj part part1 seq g_btree pt_edge pt_edge_adjacency pt_entity pg_class pg_class_oid_index);
push @regclasses, '0::regclass', '4294967295::regclass', '123456::oid::regclass', "'pg_toast.pg_toast_1255'::regclass";
my $long = "repeat('long', 100000)";
my %pool = (
	text => [ map({ "'$_'" } '', 'k1', 'k2', 'k3', '1', '2147483647', '-9223372036854775808', '99999999999999999999', 'in', 'out', 'both', 'OUT', ' in', 'Calls', '00000000-0000-0000-0000-000000000000', 'not a uuid', "it''s", '%s%n', '\\', 'x y z', '(.|<Calls){1,3}', 'k1, **/k? -> * ! k2', '! 1 ->> "2"', 'file', 'folder'), $long, "U&'\\+01F600'", "E'\\x01'", "repeat('k', 232)", "repeat('x', 8000)" ],
	'text[]' => [ "'{}'", "'{Calls}'", "'{x,y}'", "'{NULL}'", "'{NULL,x}'", "'{\"\"}'", "'{1}'", "'{{k1,k2},{k2,k1}}'", "'[5:6]={k1,k2}'", "array_fill('k1'::text, '{2000}')", "array[$long]" ],
	smallint => [ '1', '0', '-1', '32767', '(-32768)' ],
	integer => [ '0', '1', '2', '-1', '2147483647', '(-2147483648)', '1000000' ],
	bigint => [ '0', '1', '-1', '9223372036854775807', '(-9223372036854775808)', '4294967295', '4294967296', '2147483648' ],
	uuid => [ "'00000000-0000-0000-0000-000000000000'", "'ffffffff-ffff-ffff-ffff-ffffffffffff'", "'12345678-1234-1234-1234-123456789012'" ],
	boolean => [ 'true', 'false' ],
	'double precision' => [ '0', '0.5', '1', '-1', '1.5', "'NaN'", "'Infinity'", '1e-300', '1e308', '0.07' ],
	# with types of their own
	anynonarray => [ '1::smallint', '(-1)::integer', '9223372036854775807::bigint', "'00000000-0000-0000-0000-000000000000'::uuid", '1.5::numeric', 'true', 'now()', "'k1'::name", "'k1'::varchar", "'{}'::jsonb", "'g'::regclass", 'NULL::bigint', 'NULL::date', 'ROW(1, 2)' ],
	numeric => [ '0', '0.5', '1', '-1', '1.5', "'NaN'", "'Infinity'", '1e-300' ],
	regclass => \@regclasses,
	jsonb => [ map({ "'$_'" } '[]', '{}', 'null', '1', '"x"', '[null]', '[1]', '[[]]', '[{}]', '[{"key": null}]', '[{"key": 1}]', '[{"key": ""}]', '[{"key": "a"}, {"key": "a"}]', '[{"key": "a", "line_start": "x"}]', '[{"key": "a", "line_start": 1e30}]', '[{"key": "a", "line_start": 1.5}]', '[{"key": "a", "line_start": {}}]', '[{"key": "a", "properties": 5}]', '[{"key": "a", "properties": [1]}]', '[{"key": "a", "name": {"x": 1}}]', '[{"key": "a", "name": null, "unknown": [1, 2]}]', '[{"key": "a", "signature": null}]', '[{"key": "a", "updated_at": "rubbish"}]', '[{"from_key": "a"}]', '[{"from_key": "a", "to_key": null}]', '[{"from_key": "a", "to_key": "b", "edge_type": null}]', '[{"from_key": "a", "to_key": "b", "edge_type": 7}]', '[{"from_key": "a", "to_key": "b", "source_location": []}]', '[{"from_key": "a", "to_key": "b"}, {"from_key": "a", "to_key": "b", "source_location": "x"}]', '[{"from_key": "a", "to_key": "b"}, 3]'),
		"(SELECT jsonb_agg(jsonb_build_object('key', 'n' || i % 50, 'from_key', i::text, 'to_key', (i % 7)::text)) FROM generate_series(1, 300) i)",
		"jsonb_build_array(jsonb_build_object('key', $long, 'from_key', $long, 'to_key', 'x'))",
		"(repeat('[', 500) || repeat(']', 500))::jsonb" ],
);
$pool{anycompatiblenonarray} = $pool{anynonarray};
$pool{json} = [ grep { /^'/ } @{ $pool{jsonb} } ];
$pool{"${_}[]"} = [ "'{}'", "'{NULL}'", "array[" . join(',', map { "$_" } @{ $pool{$_} }) . "]::${_}[]", "array[$pool{$_}[0]]::${_}[]", "array[$pool{$_}[1], NULL, $pool{$_}[1]]::${_}[]", "array_fill($pool{$_}[1]::$_, '{3000}')" ]
  foreach qw(smallint integer bigint uuid);

# What makes a call succeed, so that single strange arguments get far.
my %plain = (text => "'k1'", 'text[]' => "'{Calls,x}'", smallint => '1', integer => '2', bigint => '1', uuid => $pool{uuid}[0], boolean => 'true', numeric => 'NULL', 'double precision' => 'NULL', anynonarray => '1::bigint', anycompatiblenonarray => '1::bigint',
	'smallint[]' => "'{1,2}'", 'integer[]' => "'{1,2}'", 'bigint[]' => "'{1,2}'", 'uuid[]' => "array[$pool{uuid}[0]]::uuid[]", jsonb => q('[{"key": "a", "from_key": "a", "to_key": "b"}]'));
$plain{json} = $plain{jsonb};

my @functions = split /\n/, $node->safe_psql('postgres', <<'SQL');
SELECT CASE p.prokind WHEN 'a' THEN 'aggregate ' ELSE '' END || p.oid::regproc || '|' || array_to_string(array(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) WITH ORDINALITY a(t, n) ORDER BY n), ',')
	|| '|' || array_to_string(p.proargnames[1:p.pronargs], ',')
FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
	JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'parseltongue'
WHERE NOT 'internal'::regtype = ANY (p.proargtypes)
ORDER BY 1
SQL
cmp_ok(scalar(@functions), '>=', 20, 'the functions of the extension');

sub call
{
	my ($name, $types, $values) = @_;
	my $arguments = join ', ', map { $types->[$_] =~ /nonarray/ && $values->[$_] ne 'NULL' ? $values->[$_] : "$values->[$_]::$types->[$_]" } 0 .. $#$types;
	return 'SELECT ' . ($name =~ s/^aggregate //r) . "($arguments)" if $name =~ /^aggregate /;
	return "SELECT * FROM $name($arguments)";
}

# Run statements through attempt(), all in one session; SQLSTATEs, one each.
sub attempts
{
	my ($what, @statements) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $sql = "SET client_min_messages = warning;\n" . join '', map { my $s = $_; "SELECT attempt(\$pt\$$s\$pt\$);\n" } @statements;
	my ($rc, $out, $err) = $node->psql('postgres', $sql);
	my @states = split /\n/, $out;
	is($rc, 0, "$what: the connection lives") or diag "after $#states: $statements[$#states + 1]";
	is(scalar(@states), scalar(@statements), "$what: every call came back");
	my @bad = grep { /fuzz: / } split /\n/, $err;
	is("@bad[0 .. ($#bad > 4 ? 4 : $#bad)]", '', "$what: no internal error");
	my %count;
	$count{$_}++ foreach @states;
	ok(!$count{57014}, "$what: no call ran into the timeout") or diag map { "$statements[$_]\n" } grep { $states[$_] eq '57014' } 0 .. $#states;
	note "$what: " . join ', ', map { "$_ $count{$_}" } sort keys %count;
	return @states;
}

my (@nulls, @random, %usual);
foreach my $f (@functions)
{
	my ($name, $types, $names) = split /\|/, $f;
	my @types = split /,/, $types;
	my @names = split /,/, $names;
	my @usual;
	# types of the extension's own: nothing but NULL to offer
	$pool{$_} //= [] foreach @types;
	foreach my $i (0 .. $#types)
	{
		my $v = $plain{ $types[$i] } // 'NULL';
		$v = "'out'" if ($names[$i] // '') eq 'direction';
		$v = 'NULL' if ($names[$i] // '') =~ /^(?:edge_types|max_nodes|kinds|entity_types|entry_points)$/;
		# a graph of integers is asked with keys in text form, too
		$v = "'{1,2}'" if ($names[$i] // '') =~ /^(?:avoid|within|stop_at)$/ && $types[$i] eq 'text[]';
		$v = 'NULL' if ($names[$i] // '') =~ /^(?:avoid|within)$/ && $name =~ /transitive_reduction/;
		$v = "'{k1}'" if ($names[$i] // '') eq 'keys';
		$v = "'{from_key}'" if $name =~ /\bpt_require_columns$/ && $types[$i] eq 'text[]';
		$v = $name =~ /cycles/ ? "'shortest'" : "'unreferenced'" if ($names[$i] // '') eq 'mode';
		$v = "'condense'" if ($names[$i] // '') eq 'cyclic';
		$v = "'hub'" if ($names[$i] // '') eq 'role';
		$v = 'NULL' if ($names[$i] // '') eq 'personalization';
		$v = '1' if ($names[$i] // '') eq 'resolution';
		$v = 'false' if ($names[$i] // '') eq 'weighted';
		$v = 'NULL' if ($names[$i] // '') eq 'targets';
		$v = { text => "'k2'", bigint => '2', uuid => $pool{uuid}[1] }->{ $types[$i] } if ($names[$i] // '') eq 'sink';
		$v = "'.'" if ($names[$i] // '') eq 'pattern';
		$v = "'k1 -> *'" if ($names[$i] // '') eq 'rules';
		$v = 'NULL' if ($names[$i] // '') eq 'group_by';
		$v = q('{"1": 1, "2": 2}') if ($names[$i] // '') eq 'communities';
		$v = "'{k1}'" if ($names[$i] // '') eq 'wanted';
		$v = '0.01' if ($names[$i] // '') =~ /^(?:alpha|beta|damping|tolerance|epsilon)$/;
		$v = '4' if ($names[$i] // '') eq 'bytes_per_token';
		$v = '1000' if ($names[$i] // '') eq 'max_tokens';
		$v = "'key'" if ($names[$i] // '') eq 'order_by';
		$v = "'{rank,key}'" if ($names[$i] // '') eq 'orders';
		$v = 'NULL' if ($names[$i] // '') eq 'after_key';
		$v = "'{}'" if ($names[$i] // '') =~ /^(?:properties|signature)$/;
		$v = "'{k1}'" if ($names[$i] // '') eq 'starts' && $types[$i] =~ /text/;
		$v = $plain{jsonb} if ($names[$i] // '') =~ /^(?:document|edges|entities)$/ && $types[$i] eq 'text';
		$v = q('{"entities": [{"key": "a"}], "edges": []}') if $name =~ /\bpt_replace_file$/ && $types[$i] eq 'jsonb';
		if ($types[$i] eq 'regclass')
		{
			$v = ($names[$i] // '') eq 'entities' ? "'pt_entity'" :
			  $name =~ /\bpt_(?:dijkstra|bellman_ford|minimum_spanning_tree|max_flow)/ ? ($types =~ /uuid/ ? "'links'" : $types =~ /nonarray/ || $types[1] eq 'bigint' ? "'lanes'" : "'road'") :
			  $types =~ /nonarray/ ? "'big'" : $name =~ /check/ ? "'g_adj'" : $name =~ /weight/ ? "'w'" : $name =~ /\bpt_transitive_reduction$/ && $types[1] ne 'bigint' ? "'u'" : $name =~ /\bpt_(?:(?:multi_source_)?bfs|dominators|similarity)$/ || ($names[1] // '') eq 'witness' ?
			  ($types[1] =~ /^smallint/ ? "'small'" : $types[1] =~ /^uuid/ ? "'u'" : $types[1] =~ /^integer/ ? "'g'" : $types[1] =~ /^bigint/ ? "'big'" : "'pt_edge'") : "'pt_edge'";
		}
		push @usual, $v;
	}
	# as many iterations as one wants take as long as one likes
	my @pools = map { ($names[$_] // '') eq 'max_iterations' ? [qw(0 1 -1 1000)] : $pool{ $types[$_] } } 0 .. $#types;
	$usual{"$name($types)"} = call($name, \@types, \@usual);
	foreach my $i (0 .. $#types)
	{
		my @v = @usual;
		foreach my $odd ('NULL', @{ $pools[$i] })
		{
			$v[$i] = $odd;
			push @nulls, call($name, \@types, \@v);
		}
	}
	for (1 .. 60)
	{
		push @random, call($name, \@types, [ map { rand() < 0.1 ? 'NULL' : rand() < 0.4 ? $usual[$_] : $pools[$_][ rand @{ $pools[$_] } ] // 'NULL' } 0 .. $#types ]);
	}
}
my @names = sort keys %usual;
my @states = attempts('usual values', @usual{@names});
# pieces of others, which succeed in their place only; what names a codebase there is not;
# triggers; what takes SQL, or a schema
my $pieces = qr/\b(?:pt_import_|pt_index_(?:symbols|edges|forget|stage)|pt_keep_facts|pt_confirm_facts|pt_rename_entities|pt_replace_staged|pt_note_change|pt_note_moves|pt_move_facts|pt_follow_moves|pt_copy_table|pt_make_index|pt_lock_tables|pt_document_rows|pt_replace_run|pt_watch_(?:statement|commit|touch|report)|pt_search_(?:share|threshold)|pt_drop_codebase)/;
is($states[$_], '00000', "usual values succeed: $names[$_]") or diag $usual{ $names[$_] } foreach grep { $names[$_] !~ $pieces } 0 .. $#names;
attempts('one strange value', @nulls);
attempts('random values', @random);

# Outside of plpgsql, too: an error ends the transaction instead of a subtransaction.
my @direct = map { $random[ rand @random ] } 1 .. 150;
my ($rc, $out, $err) = $node->psql('postgres', "\\set VERBOSITY verbose\nSET client_min_messages = error;\n" . join('', map { "BEGIN;\n$_;\nROLLBACK;\n" } @direct) . "\\echo alive\n", on_error_stop => 0);
like($out, qr/^alive$/m, 'direct calls: the connection lives');
unlike($err, qr/(?:ERROR|FATAL|PANIC):  XX/, 'direct calls: no internal error');

# As somebody without any privilege, and as one in a read-only transaction.
$node->safe_psql('postgres', 'CREATE ROLE nobody; GRANT EXECUTE ON FUNCTION attempt(text) TO nobody');
foreach my $as ('SET SESSION AUTHORIZATION nobody', 'SET default_transaction_read_only = on', 'SET default_transaction_isolation = serializable')
{
	($rc, $out, $err) = $node->psql('postgres', "$as;\nSET client_min_messages = warning;\n" . join('', map { my $s = $random[ rand @random ]; "SELECT attempt(\$pt\$$s\$pt\$);\n" } 1 .. 250));
	is($rc, 0, "$as: the connection lives");
	my @bad = grep { /fuzz: / } split /\n/, $err;
	is("@bad[0 .. ($#bad > 4 ? 4 : $#bad)]", '', "$as: no internal error");
}

# Bad definitions of indexes.
my @ddl = map { "CREATE INDEX ON $_" } ('g USING adjacency (a)', 'g USING adjacency (a, b, t, a)', 'g USING adjacency ((a + 1), b)', 'g USING adjacency (a, b) WHERE a > 0', 'g USING adjacency (a, t)', 'g USING adjacency (a, b) INCLUDE (t)', 'g USING adjacency (a DESC, b)', 'g USING adjacency (a, b) WITH (fillfactor = 50)', 'g USING adjacency (ctid, ctid)', 'g USING adjacency (tableoid, tableoid)', 'pt_entity USING adjacency (properties, properties)', 'v USING adjacency (a, b)', 'part USING adjacency (a, b)', 'empty USING adjacency (a COLLATE "C", b)', 'g USING adjacency (a int4_ops, b)', 'g USING adjacency (a adjacency_text_ops, b)');
push @ddl, 'CREATE UNIQUE INDEX ON g USING adjacency (a, b)', 'ALTER TABLE g ADD EXCLUDE USING adjacency (a WITH =, b WITH =)', 'CLUSTER g USING g_adj', 'ALTER TABLE g ALTER a TYPE numeric', 'ALTER TABLE g ALTER a TYPE bigint', 'ALTER TABLE g DROP COLUMN t', 'ALTER INDEX g_adj SET (fillfactor = 10)', 'DROP ACCESS METHOD adjacency', 'SELECT pt_adjacency_handler(NULL)', 'CREATE INDEX ON g USING adjacency (a, b, (NULL::text))', "CREATE COLLATION nd (provider = icu, locale = 'und', deterministic = false); CREATE TABLE ndt (a text COLLATE nd, b text COLLATE nd); CREATE INDEX ON ndt USING adjacency (a, b)", 'ALTER INDEX g_adj ALTER COLUMN 1 SET STATISTICS 10', 'SELECT * FROM g ORDER BY a <-> 1';
@states = attempts('definitions', @ddl);
note "$states[$_] $ddl[$_]" foreach 0 .. $#ddl;
isnt($states[$_], '00000', "refused: $ddl[$_]") foreach grep { $ddl[$_] =~ /\(a\)$|a, b, t, a|a \+ 1|WHERE|\(a, t\)|UNIQUE|EXCLUDE|COLLATE nd|INCLUDE|properties/ } 0 .. $#ddl;

ok(pt_wait_for($node, "SELECT count(*) = 0 FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE a.pid <> pg_backend_pid() AND backend_type = 'client backend'"), 'no lock is left behind');
is($node->safe_psql('postgres', "SELECT string_agg(node::text, ' ' ORDER BY distance, node) FROM pt_bfs('g', 1)"), '1 2 3', 'the graph is as it was');
pt_clean($node, 'after all that', qw(g_adj big_adj small_adj u_adj road_adj lanes_adj links_adj pt_edge_adjacency));
unlike(slurp_file($node->logfile), qr/PANIC|TRAP|terminated by signal/, 'nothing in the log');
$node->stop;
done_testing();
