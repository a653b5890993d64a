# A container's /dev/shm of 64 MB: images leave most of it to parallel queries.
use strict;
use warnings;
use FindBin;

# All of this runs where /dev/shm is another: in a mount namespace of an
# unprivileged user, who is himself again in one within.
BEGIN
{
	my @inside = ('unshare', '-rm', 'sh', '-c',
		"mount -t tmpfs -o size=64m,mode=1777 shm /dev/shm && exec unshare --user --map-user=$> --map-group=" . ($) + 0) . ' "$@"', 'sh');
	if (!$ENV{PT_SMALL_SHM})
	{
		if ($^O ne 'linux' || system("unshare --help 2>/dev/null | grep -q -- --map-user") != 0
			|| system(@inside, 'true') != 0)
		{
			print "1..0 # SKIP no namespace to mount a small /dev/shm in\n";
			exit 0;
		}
		$ENV{PT_SMALL_SHM} = 1;
		exec { $inside[0] } @inside, $^X, (map { "-I$_" } @INC), $0;
	}
}

use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = pt_node('small', preload => 1, conf => "autovacuum = off\nmax_connections = 20\n");
plan skip_all => 'shared memory is not in /dev/shm'
  if $node->safe_psql('postgres', 'SHOW dynamic_shared_memory_type') ne 'posix';

# Of edges: 30,000 are about 2 MB.
sub fill
{
	my ($name, $edges) = @_;
	return "CREATE TABLE $name AS SELECT i AS a, i % 1000 + 1 AS b FROM generate_series(1, $edges) i; CREATE INDEX ON $name USING adjacency (a, b)";
}

sub place
{
	my ($name) = @_;
	return $node->safe_psql('postgres', "SELECT image_place FROM pt_graph_status('$name')");
}

my $taken = 'SELECT coalesce(sum(bytes), 0) <= 8 * 1024 * 1024 FROM (SELECT DISTINCT segment, segment_bytes AS bytes FROM pt_images()) s';
my $join = <<'SQL';
SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0; SET enable_mergejoin = off; SET enable_nestloop = off; SET work_mem = '64MB';
SELECT count(*) FROM big a JOIN big b USING (x);
SQL
$node->safe_psql('postgres', 'CREATE TABLE big AS SELECT i AS x, i::text AS t FROM generate_series(1, 500000) i; ANALYZE big');
$node->safe_psql('postgres', fill('large', 400000));
$node->safe_psql('postgres', fill('medium', 90000));
$node->safe_psql('postgres', fill("small$_", 30000)) foreach 1 .. 8;

is(place('large'), 'local', 'an image that would take much of it is local');
foreach my $i (1 .. 8)
{
	is($node->safe_psql('postgres', "SELECT count(*) FROM pt_bfs('small$i', 30000)"), '1001', "graph $i: the right answer");
}
is($node->safe_psql('postgres', "$taken; SELECT count(*) > 1 FROM pt_images()"), "t\nt", 'images take no more than an eighth');
is($node->safe_psql('postgres', $join), '500000', 'parallel queries go on');

# Another's memory there counts, too. No image goes for one for which there is no room even so.
my $other = "/dev/shm/parseltongue.$$";
my $images = 'SELECT count(*), count(DISTINCT index) FROM pt_images()';
my $before = $node->safe_psql('postgres', $images);
system("cat /dev/zero > $other 2>/dev/null");
is(place('medium'), 'local', 'where nothing is free, all that may go would not do');
is($node->safe_psql('postgres', $images), $before, 'and nothing goes');
unlink $other;
$node->safe_psql('postgres', join('; ', map { "DROP TABLE small$_" } 2 .. 8) . '; REINDEX INDEX small1_a_b_idx');
system("cat /dev/zero > $other 2>/dev/null");
is(place('small1'), 'local', 'nothing is shared where little is free');
is($node->safe_psql('postgres', "SELECT count(*) FROM pt_bfs('small1', 30000)"), '1001', 'little free: the right answer');
unlink $other;

$node->append_conf('postgresql.conf', 'min_dynamic_shared_memory = 64MB');
$node->restart;
is(place('large'), 'shared', 'memory set aside may be taken by half');
is($node->safe_psql('postgres', $join), '500000', 'parallel queries go on');
unlike(pt_log($node), qr/PANIC|TRAP|terminated by signal|WARNING|ERROR/, 'nothing in the log');
$node->stop;
done_testing();
