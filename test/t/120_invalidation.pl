# Writers of toasted keys while the index's catalog rows change. Detoasting a key
# takes note of such changes, in the midst of an insert; an insert that held the
# index's first page by then would wait for itself for ever.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use PtTest;
use Test::More;

my $node = pt_node('invalidation');
$node->safe_psql('postgres', <<'SQL');
CREATE TABLE long_key (k text);
ALTER TABLE long_key ALTER k SET STORAGE EXTERNAL;
INSERT INTO long_key SELECT repeat(md5(i::text), 100) FROM generate_series(1, 20) i;
CREATE TABLE e (a text, b text, kind text);
CREATE INDEX e_adj ON e USING adjacency (a, b, kind);
SQL
my $writers = pt_bg($node, 'pgbench', '-n', '-c', '2', '-j', '2', '-T', '4',
	'-f', pt_script($node, 'write', "INSERT INTO e SELECT x.k, y.k, x.k FROM long_key x, long_key y LIMIT 40;\n"), 'postgres');
my $renamer = pt_bg($node, 'pgbench', '-n', '-c', '1', '-T', '4',
	'-f', pt_script($node, 'rename', "ALTER INDEX e_adj RENAME TO e_other;\nALTER INDEX e_other RENAME TO e_adj;\n"), 'postgres');
foreach my $part ([ $writers, 'writers of toasted keys' ], [ $renamer, 'renaming the index' ])
{
	my ($rc, $out, $err) = pt_bg_stop($part->[0]);
	is($rc, 0, "$part->[1] go on") or diag substr($err, 0, 2000);
	note "$part->[1]: $1 transactions" if $out =~ /actually processed: (\d+)/;
}
pt_clean($node, 'afterwards', 'e_adj');
is($node->safe_psql('postgres', "SELECT count(*) FROM pt_bfs('e', (SELECT min(k) FROM long_key))"),
	$node->safe_psql('postgres', 'WITH RECURSIVE r (k) AS (SELECT min(k) FROM long_key UNION SELECT b FROM r JOIN e ON e.a = r.k) SELECT count(*) FROM r'),
	'and the walk equals the recursive query');
$node->stop;
done_testing();
