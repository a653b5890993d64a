# A chain of a million nodes, a star of a million, and two thousand nodes that all have an
# edge to each other one way or the other: whatever is near linear answers about
# them within its memory, and recurses nowhere. What the answers are is plain.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = pt_node('large', preload => 1, conf => "autovacuum = off\nmax_wal_size = 2GB\nwork_mem = 256MB\n");
$node->safe_psql('postgres', <<'SQL');
CREATE UNLOGGED TABLE large AS
	SELECT i AS a, i + 1 AS b, 1 AS cost FROM generate_series(1, 1000000) AS i
	UNION ALL SELECT 2000000, 2000000 + i, 1 FROM generate_series(1, 1000000) AS i
	UNION ALL SELECT CASE WHEN (i + j) % 2 = 1 THEN i ELSE j END, CASE WHEN (i + j) % 2 = 1 THEN j ELSE i END, 1
	FROM generate_series(4000000, 4001999) AS i, generate_series(4000000, 4001999) AS j WHERE i < j;
CREATE INDEX ON large USING adjacency (a, b) INCLUDE (cost);
VACUUM (ANALYZE) large;
ALTER DATABASE postgres SET parseltongue.local_image_memory = '1GB';
SQL

my @questions = (
	[ "count(*), max(component), min(size) FROM pt_components('large', NULL::bigint)", '2002002|3|2000' ],
	[ "count(*), max(component), max(size) FROM pt_strong_components('large', NULL::bigint)", '2002002|2000003|2000' ],
	[ "pt_has_cycle('large')", 't' ],
	[ "count(*), max(layer) FROM pt_topological_sort('large', NULL::bigint, 'condense')", '2002002|1000001' ],
	[ "count(*) FROM pt_cycles('large', NULL::bigint)", '3' ],
	[ "count(*) BETWEEN 1 AND 1999 * 500 FROM pt_feedback_edges('large', NULL::bigint)", 't' ],
	[ "count(*) FROM pt_bridges('large', NULL::bigint)", '2000000' ],
	[ "count(*), max(parts) FROM pt_articulation_points('large', NULL::bigint)", '1000000|1000000' ],
	[ "count(*), max(depth) FROM pt_dominators('large', 1)", '1000001|1000000' ],
	[ "count(*), max(depth) FROM pt_dominators('large', 2000000)", '1000001|1' ],
	[ "pt_reachable(1, 1000001, graph => 'large'), pt_reachable(2000001, 2000000, graph => 'large'), pt_reachable(4001999, 4000000, graph => 'large')", 't|f|t' ],
	[ "sum(degree), max(degree) FROM pt_degree('large', NULL::bigint)", '7998000|1000000' ],
	[ "max(degree) FROM pt_hotspots('large', NULL::bigint)", '1000000' ],
	[ "count(*), sum(coreness) FROM pt_kcore('large', NULL::bigint)", 2002002 . '|' . (2000002 + 2000 * 1999) ],
	[ "round(sum(score)::numeric, 6) FROM pt_pagerank('large', NULL::bigint)", '1.000000' ],
	[ "round(sum(score)::numeric, 6) FROM pt_hits('large', NULL::bigint, max_iterations => 5, tolerance => 0)", '1.000000' ],
	[ "round(sum(score * score)::numeric, 6) FROM pt_eigenvector('large', NULL::bigint, max_iterations => 5, tolerance => 0)", '1.000000' ],
	[ "round(sum(score * score)::numeric, 6) FROM pt_katz('large', NULL::bigint, alpha => 1e-4, max_iterations => 5, tolerance => 0)", '1.000000' ],
	[ "count(*), count(DISTINCT community) FILTER (WHERE node >= 4000000) FROM pt_label_propagation('large', NULL::bigint)", '2002002|1' ],
	[ "count(*), count(DISTINCT community) FILTER (WHERE node >= 4000000) FROM pt_communities('large', NULL::bigint, max_iterations => 1)", '2002002|1' ],
	[ "count(*), min(jaccard) FROM pt_similarity('large', 2000001::bigint)", '10|1' ],
	[ "count(*), max(cost) FROM pt_dijkstra('large', 1)", '1000001|1000000' ],
	[ "count(*), max(cost) FROM pt_dijkstra('large', 2000000)", '1000001|1' ],
	[ "count(*), max(cost) FROM pt_dijkstra('large', 4000000)", '2000|2' ],
	[ "count(*), max(total_cost) FROM pt_dijkstra_path(1, 1000001, graph => 'large')", '1000000|1000000' ],
	[ "count(*), max(cost) FROM pt_bellman_ford('large', 1)", '1000001|1000000' ],
	[ "count(*), sum(weight) FROM pt_minimum_spanning_tree('large', NULL::bigint)", '2001999|2001999' ],
	[ "count(*), max(distance) FROM pt_match('1', '.+', graph => 'large')", '1000000|1000000' ],
);
my $begun = time();
is($node->safe_psql('postgres', "SELECT $_->[0]"), $_->[1], $_->[0]) foreach @questions;
note('asked in ' . (time() - $begun) . ' s');

# each within its memory, and no more
my ($code, $out, $err) = $node->psql('postgres', "SET parseltongue.local_image_memory = '20MB'; SELECT count(*) FROM pt_kcore('large', NULL::bigint)");
like($err, qr/ERROR: .*memory required for graph algorithm exceeds/, 'what it may not have is refused');
unlike(slurp_file($node->logfile), qr/PANIC|TRAP|terminated by signal/, 'nothing in the log');
$node->stop;
done_testing();
