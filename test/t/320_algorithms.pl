# Algorithms over whole graphs give what networkx gives: over all graphs of up to
# four nodes, but for names, over random ones, and over larger ones; of edges that queries
# give, and of an image. Another order of rows changes nothing.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $python = '/usr/bin/python3';
plan skip_all => 'needs python3-networkx'
  if system("$python -c 'import networkx' >/dev/null 2>&1") != 0;

my $seed = $ENV{PT_SEED} // time() % 1_000_000;
note("PT_SEED=$seed");
srand($seed);

# ---- the graphs ----

my @graphs;    # each a list of pairs

# The edges of a graph of n nodes, loops too, by a bit each.
sub edges_of_bits
{
	my ($n, $bits) = @_;
	my @edges;
	for my $i (0 .. $n * $n - 1)
	{
		push @edges, [ int($i / $n), $i % $n ] if $bits >> $i & 1;
	}
	return \@edges;
}

# The least number among those of the graphs that renaming makes of this one.
sub is_canonical
{
	my ($n, $bits, @orders) = @_;
	for my $order (@orders)
	{
		my $other = 0;
		for my $i (0 .. $n * $n - 1)
		{
			$other |= 1 << ($order->[ int($i / $n) ] * $n + $order->[ $i % $n ]) if $bits >> $i & 1;
		}
		return 0 if $other < $bits;
	}
	return 1;
}

push @graphs, [];
push @graphs, map { edges_of_bits(1, $_) } 1;
push @graphs, map { edges_of_bits(2, $_) } 1 .. 15;
push @graphs, map { edges_of_bits(3, $_) } grep { is_canonical(3, $_, [ 0, 2, 1 ], [ 1, 0, 2 ], [ 1, 2, 0 ], [ 2, 0, 1 ], [ 2, 1, 0 ]) } 1 .. 511;
{
	my @orders;
	for my $a (0 .. 3) { for my $b (0 .. 3) { for my $c (0 .. 3) {
		my @order = ($a, $b, $c, 6 - $a - $b - $c);
		my %seen = map { $_ => 1 } @order;
		push @orders, \@order if keys %seen == 4 && !grep { $_ < 0 || $_ > 3 } @order;
	} } }
	my $loops = 1 | 1 << 5 | 1 << 10 | 1 << 15;
	push @graphs, map { edges_of_bits(4, $_) }
	  grep { !($_ & $loops) && is_canonical(4, $_, @orders) } 1 .. 65535;
}
# with loops, some of those of four nodes
push @graphs, map { edges_of_bits(4, 1 + int(rand(65535))) } 1 .. 60;
for (1 .. 200)
{
	my $n = 2 + int(rand(24));
	push @graphs, [ map { [ int(rand($n)), int(rand($n)) ] } 1 .. int(rand($n * 2.5)) ];
}
# as LDBC has them: no parallel edges, no loops; an undirected edge is one each way
for my $directed (1, 0)
{
	my %edges;
	while (keys %edges < 900)
	{
		my ($a, $b) = (int(300 * rand()**2), int(rand(300)));
		next if $a == $b;
		$edges{"$a $b"} = [ $a, $b ];
		$edges{"$b $a"} = [ $b, $a ] unless $directed;
	}
	push @graphs, [ map { $edges{$_} } sort keys %edges ];
}
for my $size ([ 400, 900 ], [ 2000, 5000 ])
{
	my ($n, $m) = @$size;
	# most edges lead on, some back, to few nodes often
	push @graphs,
	  [ map { my $a = int(rand($n)); my $b = int($n * rand()**2); rand() < 0.1 ? [ $a, $b ] : $a < $b ? [ $a, $b ] : [ $b, $a ] } 1 .. $m ];
}

# ---- the questions ----

my %questions = (
	components => 'SELECT * FROM pt_components(%1$L)',
	strong_components => 'SELECT * FROM pt_strong_components(%1$L)',
	has_cycle => 'SELECT pt_has_cycle(%1$L) AS has',
	cycles => 'SELECT * FROM pt_cycles(%1$L)',
	all_cycles => q{SELECT * FROM pt_cycles(%1$L, mode => 'elementary', max_cycles => NULL)},
	topological_sort => 'SELECT s.* FROM (SELECT WHERE NOT pt_has_cycle(%1$L)) AS x, LATERAL pt_topological_sort(%1$L) AS s',
	condensed => q{SELECT * FROM pt_topological_sort(%1$L, 'condense')},
	degree => 'SELECT * FROM pt_degree(%1$L)',
	hotspots => 'SELECT * FROM pt_hotspots(%1$L, max_results => NULL)',
	kcore => 'SELECT * FROM pt_kcore(%1$L)',
	pagerank => 'SELECT * FROM pt_pagerank(%1$L, max_iterations => 1000, tolerance => 1e-14)',
	fixed_pagerank => 'SELECT * FROM pt_pagerank(%1$L, max_iterations => 7, tolerance => 0)',
	personal_pagerank => 'SELECT * FROM pt_pagerank(%1$L, 0.7, 1000, 1e-14, (SELECT ARRAY[least(min(a::text COLLATE "C"), min(b::text COLLATE "C"))] FROM %1$s), missing_ok => true)',
	bfs => 'SELECT b.node, distance FROM (SELECT least(min(a::text COLLATE "C"), min(b::text COLLATE "C")) AS start FROM %1$s) AS r, LATERAL pt_bfs(%1$L, start, missing_ok => true) AS b ORDER BY b.node COLLATE "C"',
	bridges => 'SELECT * FROM pt_bridges(%1$L)',
	articulation_points => 'SELECT * FROM pt_articulation_points(%1$L)',
	dominators => 'SELECT d.* FROM (SELECT least(min(a::text COLLATE "C"), min(b::text COLLATE "C")) AS root FROM %1$s) AS r, LATERAL pt_dominators(%1$L, root, missing_ok => true) AS d',
	reachable => 'SELECT a::text, b::text, pt_reachable(a, b, graph => %1$L) AS found FROM (SELECT DISTINCT a FROM %1$s ORDER BY a LIMIT 8) AS x, (SELECT DISTINCT b FROM %1$s ORDER BY b LIMIT 8) AS y',
	transitive_reduction => 'SELECT s.* FROM (SELECT WHERE NOT pt_has_cycle(%1$L)) AS x, LATERAL pt_transitive_reduction(%1$L) AS s',
	feedback_edges => 'SELECT * FROM pt_feedback_edges(%1$L)',
	betweenness => 'SELECT * FROM pt_betweenness(%1$L)',
	betweenness_undirected => 'SELECT * FROM pt_betweenness(%1$L, directed => false, normalized => true)',
	closeness => 'SELECT * FROM pt_closeness(%1$L)',
	closeness_out => q{SELECT * FROM pt_closeness(%1$L, direction => 'out')},
	harmonic => 'SELECT * FROM pt_harmonic(%1$L)',
	harmonic_both => q{SELECT * FROM pt_harmonic(%1$L, direction => 'both')},
	katz => 'SELECT * FROM pt_katz(%1$L, alpha => 0.01, beta => 0.5, tolerance => 1e-15)',
	eigenvector => 'SELECT * FROM pt_eigenvector(%1$L, tolerance => 0, max_iterations => 50)',
	hits => 'SELECT * FROM pt_hits(%1$L, tolerance => 0, max_iterations => 50)',
	label_propagation => 'SELECT * FROM pt_label_propagation(%1$L)',
	label_propagation_undirected => 'SELECT * FROM pt_label_propagation(%1$L, directed => false, max_iterations => 3)',
	triangles => 'SELECT * FROM pt_triangles(%1$L)',
	clustering => 'SELECT * FROM pt_clustering_coefficient(%1$L)',
	clustering_directed => 'SELECT * FROM pt_clustering_coefficient(%1$L, directed => true)',
	communities => 'SELECT * FROM pt_communities(%1$L)',
	fine_communities => 'SELECT * FROM pt_communities(%1$L, resolution => 1.7, seed => 3)',
	modularity => q{SELECT pt_modularity(%1$L, (SELECT coalesce(jsonb_object_agg(node, length(node) + right(node, 1)::int %% 3), '{}') FROM pt_degree(%1$L)), resolution => 0.8) AS modularity},
	similarity => 'SELECT s.* FROM (SELECT least(min(a::text COLLATE "C"), min(b::text COLLATE "C")) AS key FROM %1$s) AS r, LATERAL pt_similarity(%1$L, key, max_results => NULL, missing_ok => true) AS s',
	similarity_out => q{SELECT s.* FROM (SELECT min(a::text COLLATE "C") AS key FROM %1$s) AS r, LATERAL pt_similarity(%1$L, key, direction => 'out', max_results => 5, missing_ok => true) AS s},
	coupling => 'SELECT * FROM pt_coupling(%1$L)',
	debt => 'SELECT node, hours, cbo, lcom, wmc FROM pt_technical_debt(%1$L)',
	hubs => q{SELECT * FROM pt_hits(%1$L, role => 'hub', tolerance => 0, max_iterations => 50)},
);

# by weights; of start, the node with the least key
my $least = 'least(min(a::text COLLATE "C"), min(b::text COLLATE "C"))';
my %weighted = (
	dijkstra => "SELECT d.* FROM (SELECT $least AS start FROM %1\$s) AS r, LATERAL pt_dijkstra(%1\$L, start, missing_ok => true) AS d",
	dijkstra_in => "SELECT d.* FROM (SELECT $least AS start FROM %1\$s) AS r, LATERAL pt_dijkstra(%1\$L, start, max_cost => 2.5, direction => 'in', missing_ok => true) AS d",
	dijkstra_path => q{SELECT a::text, b::text, (SELECT json_agg(p ORDER BY step) FROM pt_dijkstra_path(a, b, graph => %1$L) AS p) AS path FROM (SELECT DISTINCT a FROM %1$s ORDER BY a LIMIT 4) AS x, (SELECT DISTINCT b FROM %1$s ORDER BY b LIMIT 6) AS y},
	dijkstra_paths => q{SELECT a::text, b::text, (SELECT json_agg(p ORDER BY path, step) FROM pt_dijkstra_paths(a, b, 6, direction => 'both', graph => %1$L) AS p) AS paths FROM (SELECT min(a) AS a, max(b) AS b FROM %1$s) AS x WHERE a IS NOT NULL},
	bellman_ford => 'SELECT * FROM bellman_ford()',
	minimum_spanning_tree => 'SELECT * FROM pt_minimum_spanning_tree(%1$L)',
	max_flow => 'SELECT f.* FROM (SELECT min(a) AS a, max(b) AS b FROM %1$s) AS x, LATERAL pt_max_flow(%1$L, a::text, b::text, missing_ok => true) AS f WHERE a <> b',
	max_flow_undirected => 'SELECT f.* FROM (SELECT min(a) AS a, max(b) AS b FROM %1$s) AS x, LATERAL pt_max_flow(%1$L, a::text, b::text, directed => false, missing_ok => true) AS f WHERE a <> b',
	weighted_pagerank => 'SELECT * FROM pt_pagerank(%1$L, max_iterations => 1000, tolerance => 1e-14, weighted => true)',
	weighted_betweenness => q{SELECT * FROM pt_betweenness('positive', weighted => true)},
	weighted_betweenness_undirected => q{SELECT * FROM pt_betweenness('positive', directed => false, normalized => true, weighted => true)},
	weighted_closeness => 'SELECT * FROM pt_closeness(%1$L, weighted => true)',
	weighted_harmonic => q{SELECT * FROM pt_harmonic(%1$L, direction => 'out', weighted => true)},
	weighted_communities => 'SELECT * FROM pt_communities(%1$L, weighted => true)',
	weighted_modularity => q{SELECT pt_modularity(%1$L, (SELECT coalesce(jsonb_object_agg(node, length(node) + right(node, 1)::int %% 3), '{}') FROM pt_degree(%1$L)), resolution => 0.8, weighted => true) AS modularity},
);

# what takes longer than a moment: not asked about graphs with more edges than this
my %most_edges = (all_cycles => 40, map { $_ => 1000 } qw(betweenness betweenness_undirected closeness closeness_out harmonic harmonic_both transitive_reduction),
	map({ $_ => 400 } qw(weighted_betweenness weighted_betweenness_undirected weighted_closeness weighted_harmonic)));

# ---- asking ----

my $node = pt_node('algorithms', preload => 1, conf => "autovacuum = off\n");
my $edge_file = "${PostgreSQL::Test::Utils::tmp_check}/edges";
open my $out, '>', $edge_file or die $!;
for my $g (0 .. $#graphs)
{
	# whole quarters, which add up exactly and often to the same
	print $out "$g $_->[0] $_->[1] " . (rand() < 0.1 ? 'NULL' : int(rand(13)) / 4) . "\n" for @{ $graphs[$g] };
}
close $out;

my $questions = join(",\n", map { sprintf(q{('%s', $q$%s$q$, %d, %s)}, $_, $questions{$_} // $weighted{$_}, $most_edges{$_} // 1_000_000, $weighted{$_} ? 'true' : 'false') } sort keys %questions, keys %weighted);
$node->safe_psql('postgres', <<SQL);
CREATE TABLE edges (g int, a int, b int, cost float8);
COPY edges FROM '$edge_file' (DELIMITER ' ', NULL 'NULL');
CREATE INDEX ON edges (g);
CREATE VIEW texts AS SELECT a::text AS a, b::text AS b, cost FROM edges WHERE g = current_setting('test.graph')::int;
CREATE VIEW positive AS SELECT a, b, cost + 0.25 AS cost FROM texts;
CREATE VIEW negative AS SELECT a, b, CASE WHEN (a::int + b::int) % 3 = 0 THEN cost - 1 ELSE cost + 0.5 END AS cost FROM texts;
CREATE TABLE ints (a int, b int, cost numeric);
CREATE INDEX ints_adj ON ints USING adjacency (a, b) INCLUDE (cost);
CREATE TABLE keys (a text, b text, cost float8);
CREATE INDEX keys_adj ON keys USING adjacency (a, b) INCLUDE (cost);
CREATE TABLE question (name text, sql text, most int, weighted bool);
-- or the cycle that there is in place of a node
CREATE FUNCTION bellman_ford() RETURNS TABLE (node text, cost float8, parent text) LANGUAGE plpgsql AS \$f\$
DECLARE
	detail text;
BEGIN
	RETURN QUERY SELECT p.* FROM (SELECT $least AS start FROM negative) AS r, LATERAL pt_bellman_ford('negative', start, missing_ok => true) AS p;
EXCEPTION WHEN SQLSTATE '22000' THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN QUERY SELECT SQLSTATE || ' ' || detail, NULL::float8, NULL;
END \$f\$;
INSERT INTO question VALUES $questions;
CREATE TABLE answer (g int, source text, name text, rows text);

-- A graph at a time: as a view of texts; as a table of integers, and of texts, whose rows come
-- in another order.
CREATE PROCEDURE ask(graphs int) LANGUAGE plpgsql AS \$p\$
DECLARE
	q record;
	source text;
	nedges int;
BEGIN
	FOR n IN 0 .. graphs - 1 LOOP
		PERFORM set_config('test.graph', n::text, false);
		DELETE FROM ints;
		DELETE FROM keys;
		INSERT INTO ints SELECT a, b, cost FROM edges WHERE edges.g = n ORDER BY hashint4(a * 7 + b), a;
		INSERT INTO keys SELECT a, b, cost FROM edges WHERE edges.g = n ORDER BY hashint4(b * 5 + a), b;
		nedges := (SELECT count(*) FROM ints);
		FOREACH source IN ARRAY CASE WHEN n % 4 = 0 OR n > graphs - 30 THEN ARRAY['texts', 'ints', 'keys'] ELSE ARRAY['texts'] END LOOP
			FOR q IN SELECT * FROM question WHERE most >= nedges AND (NOT weighted OR n % 8 = 0 OR n > graphs - 64) LOOP
				EXECUTE format('INSERT INTO answer SELECT \$1, \$2, \$3, coalesce(json_agg(t), ''[]'') FROM (' || q.sql || ') AS t', source)
				USING n, source, q.name;
			END LOOP;
		END LOOP;
		COMMIT;
	END LOOP;
END \$p\$;
SQL
my $answer_file = "${PostgreSQL::Test::Utils::tmp_check}/answers";
my $graphs = @graphs;
my $begun = time();
$node->safe_psql('postgres', "CALL ask($graphs)");
$node->safe_psql('postgres', "COPY (SELECT g, source, name, regexp_replace(rows, E'[\\n]', '', 'g') FROM answer WHERE source = 'texts' OR source = 'ints' AND g % 8 = 0) TO '$answer_file'");
note("$graphs graphs, asked in " . (time() - $begun) . ' s');

# ---- comparing ----

$begun = time();
my $said = `$python $FindBin::RealBin/../networkx_oracle.py $edge_file $answer_file 2>&1`;
my ($compared) = $said =~ /^compared (\d+)$/m;
$said =~ s/^compared \d+\n//m;
is($said, '', 'networkx says the same');
cmp_ok($compared // 0, '>', 9_000, 'of many answers');
note(($compared // 0) . ' answers compared in ' . (time() - $begun) . ' s');

# Rows in another order, and nodes that were numbered otherwise, change no digit.
is( $node->safe_psql(
		'postgres', q{SELECT count(*) FROM answer AS t JOIN answer AS k USING (g, name) WHERE t.source = 'texts' AND k.source = 'keys' AND t.rows <> k.rows}),
	'0', 'the order of rows changes nothing');
pt_clean($node, 'after that', 'ints_adj');

done_testing();
