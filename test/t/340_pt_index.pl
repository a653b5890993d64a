# pt-index: what it reads of each language, against what was written down by hand
# in test/index; and what it writes: the same as tools/pt-import does of the same
# stream, nothing the second time, each file whole or not at all, by many at once.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use IPC::Run;
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $program = $ENV{PT_INDEX};
plan skip_all => 'pt-index is not there: ' . ($ENV{PT_INDEX_MISSING} || 'PT_INDEX does not name it') unless $program;

my $top = "$FindBin::RealBin/../..";
my $trees = "$top/test/index";
my $scratch = PostgreSQL::Test::Utils::tempdir();
$ENV{XDG_CACHE_HOME} = $scratch;

# Status, output and messages.
sub run_index
{
	my ($out, $err) = ('', '');
	IPC::Run::run([ $program, @_ ], '<', \undef, '>', \$out, '2>', \$err);
	return ($? >> 8, $out, $err);
}

sub write_file
{
	my ($path, $content) = @_;
	my $folder = $path =~ s{/[^/]*$}{}r;
	system('mkdir', '-p', $folder) == 0 or die;
	open my $file, '>:raw', $path or die "$path: $!";
	print $file $content;
	close $file;
	return;
}

# ---------------------------------------------------------------------------
# What is in a file.
# ---------------------------------------------------------------------------

my %separator = (c => '::', cpp => '::', rust => '::', ruby => '::', php => '\\');

# The lines of LANGUAGE.expected for what was printed.
sub described
{
	my $rows = decode_json(shift);
	my (%name, %entity, @lines);

	foreach my $row (grep { defined $_->{key} } @$rows)
	{
		my $properties = $row->{properties};
		my $scope = $properties->{scope};
		$entity{ $row->{key} } = $row;
		$name{ $row->{key} } = $row->{entity_type} eq 'file' ? $row->{file_path}
		  : (defined $scope ? $scope . ($separator{ $row->{language} } // '.') : '') . $row->{name};
		push @lines, "$name{$row->{key}} > sees > $properties->{opens}" if defined $properties->{opens};
		push @lines, map { "$name{$row->{key}} > $_ is > $properties->{fields}{$_}" } keys %{ $properties->{fields} // {} };
		next if $row->{entity_type} eq 'file';
		push @lines, join ' ', $row->{entity_type}, $row->{name}, $scope // (),
		  "$row->{file_path}:$row->{line_start}-$row->{line_end}", $row->{entity_class} eq 'TEST' ? 'test' : (),
		  $properties->{visibility} eq 'private' ? 'private' : ();
		push @lines, "$name{$row->{key}} > returns > $properties->{returns}" if defined $properties->{returns};
		push @lines, "$name{$row->{key}} > bases > " . join(', ', @{ $properties->{bases} }) if $properties->{bases};
		push @lines, "$name{$row->{key}} > takes > $properties->{arity}" if defined $properties->{arity} && $properties->{arity} ne '0';
		push @lines, "$name{$row->{key}} > takes types > $properties->{parameters}" if defined $properties->{parameters};
	}
	foreach my $row (grep { defined $_->{from_key} } @$rows)
	{
		my $to = $entity{ $row->{to_key} } ? $entity{ $row->{to_key} }{name}
		  : $row->{to_key} =~ s/^[^:]*:[^:]*://r =~ s/:external-dependency-(\w+):0-0$/ ($1)/r =~ s/(?::unresolved-reference)?:0-0$//r;
		push @lines, "$name{$row->{from_key}} > $row->{edge_type} > $to $row->{source_location}";
	}
	return sort @lines;
}

foreach my $expected (sort glob "$trees/*.expected")
{
	my ($language) = $expected =~ m{([^/]*)\.expected$};
	my ($status, $out, $err) = run_index('--json', "$trees/$language");
	is($status, 0, "$language is read") or diag $err;
	is(join("\n", described($out)), join("\n", sort split /\n/, slurp_file($expected)), "$language: all of it, and nothing else");
	unlike($err, qr/syntax/, "$language: without errors of syntax");
}

# What a grammar takes for an error, and is read all the same.
write_file("$scratch/errors/catch.cpp", <<'CPP');
TEST_CASE("parses: 1.5", "[numbers]") {
    check(parse());
}
namespace app {
SCENARIO("stops") { stop(); }
}
TEST_CASE_METHOD(Fixture, "stays") { stay(); }
check("no test") { nothing(); }
CPP
write_file("$scratch/errors/act.kt", "fun interface Act {\n    fun run(n: Int)\n}\n");
{
	my (undef, $out) = run_index('--json', "$scratch/errors");
	is(join("\n", grep { /^(?:test|interface|method) / } described($out)), join("\n", 'interface Act act.kt:1-3', 'method run Act act.kt:2-2',
		'test SCENARIO stops app catch.cpp:5-5 test', 'test TEST_CASE parses 1 5 catch.cpp:1-3 test', 'test TEST_CASE_METHOD stays catch.cpp:7-7 test'), 'tests of Catch2, and fun interface');
	is(join("\n", grep { /^(?:TEST_CASE |app::SCENARIO).* > Calls > / } described($out)), join("\n", 'TEST_CASE parses 1 5 > Calls > TEST_CASE(2) catch.cpp:1',
		'TEST_CASE parses 1 5 > Calls > check(1) catch.cpp:2', 'TEST_CASE parses 1 5 > Calls > parse(0) catch.cpp:2',
		'app::SCENARIO stops > Calls > SCENARIO(1) catch.cpp:5', 'app::SCENARIO stops > Calls > stop(0) catch.cpp:5'), '... with what these call');
}

# Where a macro or an #if hides a part of a statement, the rest of it is no function.
write_file("$scratch/hidden/a.c", <<'C');
#define CHECKED(x) if (!(x)) return 0;

int hidden(int x)
{
	CHECKED(x)
	if (x > 1)
	{
		return shown(x);
	}
	CHECKED(x)
	for (;;)
	{
		x = counted(x);
	}
}
C
write_file("$scratch/hidden/b.cs", <<'CSHARP');
class Halves
{
    void Run(object value)
    {
        if (value is int)
        {
            First();
        }
#if WIDE
        else if (value is string)
        {
            Second();
        }
#endif
        else
        {
            Third();
        }
    }
}
CSHARP
{
	my (undef, $out) = run_index('-q', '--json', "$scratch/hidden");
	my @lines = described($out);
	is(join(', ', grep { /^(function|method)/ } @lines), 'function hidden a.c:3-15, method Run Halves b.cs:3-19 private', 'no statement is a function');
	is(join(', ', grep { /Calls/ } @lines),
		'Halves.Run > Calls > First(0) b.cs:7, Halves.Run > Calls > Second(0) b.cs:12, Halves.Run > Calls > Third(0) b.cs:17, '
		. 'hidden > Calls > counted a.c:13, hidden > Calls > shown a.c:8', '... and what it calls is not lost');
}

# ---------------------------------------------------------------------------
# What is in the database.
# ---------------------------------------------------------------------------

my $node = PostgreSQL::Test::Cluster->new('pt_index');
$node->init;
$node->append_conf('postgresql.conf', "fsync = off\njit = off\n");
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION parseltongue');
my @into = ('-d', $node->connstr('postgres'));

sub value
{
	return $node->safe_psql('postgres', shift);
}

# What a codebase has but for times; and which versions of the rows.
sub content
{
	my $schema = shift;
	return value("SELECT md5(string_agg(r, E'\\n' ORDER BY r COLLATE \"C\")) FROM (SELECT (e.key, name, entity_type, entity_class, language, file_path, line_start, line_end, signature, code, properties)::text AS r FROM $schema.pt_entity e UNION ALL SELECT e::text FROM $schema.pt_edge e) AS r");
}

sub versions
{
	my $schema = shift;
	return value("SELECT md5(string_agg(r, ',' ORDER BY r)) FROM (SELECT ctid || ' ' || xmin AS r FROM $schema.pt_entity UNION ALL SELECT ctid || ' ' || xmin FROM $schema.pt_edge) AS r");
}

sub indexed
{
	my ($schema, @arguments) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my ($status, $out, $err) = run_index(@into, '--graph', "$schema.pt_edge", '--create', @arguments);
	is("$status|$out", '0|', "pt-index --graph $schema.pt_edge @arguments") or diag $err;
	return $err;
}

my $said = indexed('one', '-j', '2', $trees);
like($said, qr/[0-9]+ files, [0-9,]+ entities, [0-9,]+ edges/, 'it says what there is');
like($said, qr/left out: 15 of kinds that are not read: 14 \.expected, 1 no ending/, 'and what it has left out');
like($said, qr/[0-9]+ references: [0-9]+ resolved, [0-9]+ ambiguous, [0-9]+ open/, 'and of references how many are resolved');
is(value('SELECT count(*) FROM pt_import_rejection'), 0, 'nothing is rejected');

my ($status, $json) = run_index('--json', $trees);
write_file("$scratch/stream.json", $json);
value("SELECT pt_create_codebase('stream')");
IPC::Run::run([ "$top/tools/pt-import", @into, '--graph', 'stream.pt_edge', '--keep-spellings', "$scratch/stream.json" ],
	'>', \my $imported, '2>', \my $complaints);
is($?, 0, 'tools/pt-import reads the stream') or diag $complaints;
value("SELECT pt_resolve_references('stream.pt_edge')");
is(content('one'), content('stream'), 'both ways lead to the same rows');

my $before = versions('one');
indexed('one', $trees);
is(versions('one'), $before, 'the second time nothing is written');
$said = indexed('one', '--update', $trees);
is(versions('one'), $before, 'nor by --update');
like($said, qr/ files unchanged, 0 removed/, 'which reads no file again');

is(value("SELECT string_agg(pt_key_name(from_key), ' ' ORDER BY from_key COLLATE \"C\") FROM one.pt_edge WHERE edge_type = 'Calls (resolved)' AND to_key = 'python:class:Job:python/app.py:11-16' AND confidence >= 0.5"),
	'index __init__', 'a call of a class is resolved');
is(value("SELECT string_agg(pt_key_name(to_key) || ' ' || method, ', ' ORDER BY to_key COLLATE \"C\") FROM one.pt_edge WHERE edge_type = 'Calls (resolved)' AND from_key LIKE 'python:method:run:python/bound.py:%' AND confidence >= 0.5"),
	'_step member, clone member, run inherited, run member', 'by scopes, classes and imports');
is(value("SELECT count(*) FROM one.pt_edge WHERE edge_type = 'Calls (resolved)' AND reference_key LIKE 'c:fn:ops->next:%' AND confidence >= 0.5"),
	0, 'a method is no function of its name');
is(value("SELECT count(*) FROM pt_callers('c:fn:count:c/main.c:5-16', graph => 'one.pt_edge')"), 2, 'functions have callers, files among them');
is(value("SELECT string_agg(name, ' ' ORDER BY name COLLATE \"C\") FROM pt_unreferenced('{function}', graph => 'one.pt_edge') WHERE file_path = 'c/values.c'"),
	'choose', 'what is handed over or stored is referred to');
is(value("SELECT string_agg(pt_key_name(key) || ' ' || distance, ', ' ORDER BY distance, key COLLATE \"C\") FROM pt_affected_tests('{javascript:class:View:javascript/values.jsx:12-21}', graph => 'one.pt_edge')"),
	'make 1, describe View all of it 2, it renders 1 5 rows 2', 'tests that are calls may be affected');
# a file of one function and two variables: only what may be a function is counted
write_file("$scratch/few/one.c", "void run(void)\n{\n\tsignal(2, run, elsewhere, other);\n}\n");
like(indexed('few', "$scratch/few"), qr/ 2 references: 1 resolved, 0 ambiguous, 1 open/, 'a name that no function has is not left open');

# ---------------------------------------------------------------------------
# A tree that changes.
# ---------------------------------------------------------------------------

my $tree = "$scratch/tree";

sub python_file
{
	my ($i, $name) = @_;
	write_file("$tree/pkg$i/mod$i.py", join '', map { "def ${name}_$_(x):\n    return ${name}_" . ($_ + 1) . "(x) + shared($i)\n\n" } 1 .. 20);
	return;
}

python_file($_, 'first') foreach 1 .. 12;
write_file("$tree/shared.py", "def shared(n):\n    return n\n");
indexed('changing', $tree);
python_file(3, 'second');
unlink "$tree/pkg5/mod5.py" or die;
rename "$tree/pkg6/mod6.py", "$tree/pkg6/moved.py" or die;
python_file(13, 'third');
$said = indexed('changing', '--update', $tree);
like($said, qr/3 files, .*10 files unchanged, 2 removed/s, 'changed, added, renamed and removed files are told apart');
indexed('afresh', $tree);
is(content('changing'), content('afresh'), 'an update leads to what a new index has');
python_file(3, 'fourth');
indexed('changing', $tree);
is(value("SELECT count(*) FROM changing.pt_entity WHERE file_path = 'pkg3/mod3.py' AND name !~ '^(fourth_|mod3.py)'"), 0, 'without --update, too, a file that has changed is replaced');

# ---------------------------------------------------------------------------
# A tree that is a package: what is in it is imported by its name.
# ---------------------------------------------------------------------------

write_file("$scratch/pack/__init__.py", "from pack.deep.core import start\n");
write_file("$scratch/pack/deep/__init__.py", '');
write_file("$scratch/pack/deep/core.py", "def start():\n    pass\n\nclass Job:\n    def run(self):\n        pass\n");
write_file("$scratch/pack/use.py", <<'PYTHON');
import pack
import pack as p
import pack.deep.core as core
from pack.deep.core import Job
import packed

def all_of_them():
    pack.start()
    p.deep.core.start()
    core.start()
    Job().run()
    packed.start()
PYTHON
indexed('pack', "$scratch/pack");
is(value("SELECT count(*) FROM pack.pt_edge WHERE from_key ~ 'all_of_them' AND to_key = 'python:fn:start:deep/core.py:1-2' AND confidence > 0.9"), 1, 'a package that is the whole tree is imported by its name');
is(value("SELECT count(*) FROM pack.pt_edge WHERE from_key ~ 'all_of_them' AND to_key ~ 'run:deep/core.py' AND confidence > 0.9"), 1, '... with what its classes have');
is(value("SELECT count(*) FROM pack.pt_edge WHERE to_key = 'python:fn:packed::start:unresolved-reference:0-0'"), 1, '... and nothing else is');
# a project in which a package is called so is another thing
write_file("$scratch/pack/pack/__init__.py", '');
indexed('project', "$scratch/pack");
is(value("SELECT count(*) FROM project.pt_edge WHERE from_key ~ 'all_of_them' AND to_key = 'python:fn:start:deep/core.py:1-2' AND confidence > 0.9"), 0, 'but not a project that has one of that name');

# ---------------------------------------------------------------------------
# Go: folders are imported by the path of their module, which go.mod says.
# ---------------------------------------------------------------------------

my %go = (
	'go.mod' => "// a comment\nmodule example.com/shop // and another\n\ngo 1.19\n",
	'main.go' => "package main\n\nimport (\n\t\"example.com/shop/store\"\n\tlog \"example.com/logger\"\n\t\"errors\"\n)\n\n"
	  . "func main() {\n\ts := store.Open()\n\ts.Get().Name()\n\tlog.Print()\n\terrors.New(\"\")\n\tcount(3)\n\tstore.Default.Get()\n}\n",
	'count.go' => "package main\n\nfunc count(n int) int { return n }\n",
	'gen.go' => "//go:build ignore\n\npackage main\n\nfunc count(n int) int { return 0 }\n\nfunc main() { count(1) }\n",
	'store/store.go' => "package store\n\nvar Default = Open()\n\ntype Store struct{ items []*Item }\n\nfunc Open() *Store { return &Store{} }\n\nfunc (s *Store) Get() *Item {\n\tfor _, item := range s.items {\n\t\titem.Name()\n\t}\n\treturn s.items[0]\n}\n",
	'store/item.go' => "package store\n\ntype Item struct{}\n\nfunc (i *Item) Name() string { return \"\" }\n",
	'store/store_test.go' => "package store_test\n\nimport \"example.com/shop/store\"\n\nfunc Open() {}\n\nfunc TestOpen() {\n\tOpen()\n\tstore.Open().Get()\n}\n",
	'vendor/example.com/logger/logger.go' => "package logger\n\nfunc Print() {}\n",
	'errors/errors.go' => "package errors\n\nfunc New() {}\n",
	'tools/go.mod' => "module example.com/tools\n",
	'tools/deep/deep.go' => "package deep\n\nimport \"example.com/shop/store\"\n\nfunc Run() { store.Open() }\n",
);
write_file("$scratch/go/$_", $go{$_}) foreach keys %go;
indexed('go', "$scratch/go");
sub go_opens { return value("SELECT string_agg(file_path || ' ' || (properties ->> 'opens'), ', ' ORDER BY file_path COLLATE \"C\") FROM go.pt_entity WHERE entity_type = 'file' AND file_path ~ '$_[0]'"); }
is(go_opens('^[a-z]*.go|deep|vendor|store_test'), 'count.go example.com/shop, gen.go example.com/shop/gen.go, main.go example.com/shop, store/store_test.go example.com/shop/store_test, tools/deep/deep.go example.com/tools/deep, vendor/example.com/logger/logger.go example.com/logger',
	'files of Go say by which path they are imported');
sub go_calls
{
	return value("SELECT string_agg(c, E'\n' ORDER BY c COLLATE \"C\") FROM (SELECT concat_ws(' ', regexp_replace(from_key, '^go:[a-z]*:(.*):[^:]*\$', '\\1'), '>', regexp_replace(to_key, '^go:[a-z]*:(.*):[^:]*\$', '\\1')) FROM go.pt_edge WHERE edge_type = 'Calls (resolved)' AND confidence >= 0.5) AS c (c)");
}
my $go_calls = <<'CALLS';
Get:store/store.go > Name:store/item.go
Run:tools/deep/deep.go > Open:store/store.go
TestOpen:store/store_test.go > Get:store/store.go
TestOpen:store/store_test.go > Open:store/store.go
TestOpen:store/store_test.go > Open:store/store_test.go
main:gen.go > count:gen.go
main:main.go > Get:store/store.go
main:main.go > Name:store/item.go
main:main.go > Open:store/store.go
main:main.go > Print:vendor/example.com/logger/logger.go
main:main.go > count:count.go
store/store.go > Open:store/store.go
CALLS
is(go_calls() . "\n", $go_calls, 'and lead to what is in them');
# where nobody says it, the path that is imported ends as the folder does
unlink "$scratch/go/go.mod" or die;
write_file("$scratch/go/main.go", $go{'main.go'} =~ s/shop/bakery/r);
indexed('go', "$scratch/go");
is(go_opens('^main'), 'main.go ./', 'without go.mod a folder is its path');
like(go_calls(), qr{^main:main.go > Open:store/store.go$}m, 'by which it is found');

# ---------------------------------------------------------------------------
# Many writers.
# ---------------------------------------------------------------------------

{
	my @runs;
	value("SELECT pt_create_codebase('many')");
	# all of the tree at the same time, and parts of it under their prefix
	foreach my $arguments ([$tree], [$tree], ['--update', $tree], map { [ '--prefix', "pkg$_", "$tree/pkg$_" ] } 1 .. 4)
	{
		push @runs, IPC::Run::start([ $program, @into, '--graph', 'many.pt_edge', '-j', '2', '-q', '--no-resolve', @$arguments ],
			'<', \undef, '>', \my $out, '2>', \my $err);
	}
	my $failed = 0;
	foreach my $run (@runs) { $run->finish; $failed++ if $run->result(0); }
	is($failed, 0, 'seven at a time on the same files');
	value("SELECT pt_resolve_references('many.pt_edge')");
	indexed('afresh', $tree);
	is(content('many'), content('afresh'), 'leave what one leaves');
}

# A file is there with all its rows or none, for whoever looks while it is written.
{
	value("SELECT pt_create_codebase('whole')");
	my $run = IPC::Run::start([ $program, @into, '--graph', 'whole.pt_edge', '-j', '2', '-q', '--no-resolve', $tree ], '<', \undef, '>', \my $out, '2>', \my $err);
	my $bad = 0;
	do
	{
		$bad += value(q{SELECT count(*) FROM (SELECT file_path FROM whole.pt_entity WHERE file_path LIKE 'pkg%' GROUP BY 1 HAVING count(*) <> 21) AS f});
		$run->pump_nb;
	} while ($run->pumpable);
	$run->finish;
	is($bad, 0, 'no file is seen in part');
}

# One that is killed leaves what it has committed, files that are whole, and the next one goes on.
{
	my $long = "$scratch/long";
	write_file("$long/f$_.py", "def f_$_():\n    return g_$_()\n\ndef g_$_():\n    return f_1()\n") foreach 1 .. 600;
	# the smallest comes last, and waits for us
	write_file("$long/last.py", "a = b()\n");
	value("SELECT pt_create_codebase('killed')");
	my $blocker = $node->background_psql('postgres');
	$blocker->query_safe("BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('last.py', 'killed.pt_edge'::regclass::oid::bigint))");
	my $run = IPC::Run::start([ $program, @into, '--graph', 'killed.pt_edge', '-q', '-j', '1', $long ], '<', \undef, '>', \my $out, '2>', \my $err);
	ok($node->poll_query_until('postgres', "SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"), 'one waits in its second transaction');
	$run->kill_kill;
	$blocker->query_safe('ROLLBACK');
	$blocker->quit;
	ok($node->poll_query_until('postgres', "SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = 'pt-index'"), 'and is killed');
	is(value(q{SELECT count(*) || ' ' || sum(n) FROM (SELECT count(*) AS n FROM killed.pt_entity GROUP BY file_path) AS f}), '500 1500', 'what it has committed is there, and files are whole');
	my $said = indexed('killed', '--update', $long);
	like($said, qr/101 files, .*500 files unchanged/s, 'the next one reads what is missing');
	indexed('unhurt', $long);
	is(content('killed'), content('unhurt'), 'and all is there');
}

# One that cannot resolve references keeps what it has read.
{
	value('ALTER FUNCTION pt_resolve_references RENAME TO pt_resolve_hidden');
	my ($status, undef, $err) = run_index(@into, '--graph', 'unresolved.pt_edge', '--create', '-q', $tree);
	value('ALTER FUNCTION pt_resolve_hidden RENAME TO pt_resolve_references');
	like("$status $err", qr/^1 .*could not resolve references/s, 'references cannot be resolved');
	value("SELECT pt_resolve_references('unresolved.pt_edge')");
	is(content('unresolved'), content('afresh'), 'but the codebase is there, and they are later');
}

# ---------------------------------------------------------------------------
# Whatever trees may have in them.
# ---------------------------------------------------------------------------

my $odd = "$scratch/odd";
write_file("$odd/good.py", "def good():\n    pass\n");
write_file("$odd/broken.py", "def fine():\n    return 1\n\nclass (:\n  def ]]\n");
write_file("$odd/binary.c", "int a;\0\1\2");
write_file("$odd/large.js", "function f() {}\n" x 20_000);
write_file("$odd/lib.min.js", "function f(){}");
write_file("$odd/bundle.js", 'function a(){return b()};' x 2000);
write_file("$odd/latin1.c", "/* gr\xFC\xDFe */\nint gr(void) { return 0; }\n");
write_file("$odd/na\xEFve.py", "def other():\n    good()\n");
write_file("$odd/quo\"te\\\\.py", "def quoted():\n    good()\n");
write_file("$odd/.hidden/a.py", "def hidden(): pass\n");
write_file("$odd/build/out.py", "def built(): pass\n");
write_file("$odd/sub/keep.log.py", "def kept(): pass\n");
write_file("$odd/sub/drop.log.py", "def dropped(): pass\n");
write_file("$odd/.gitignore", "# comment\n/build/\n*.log.py\n!keep.log.py\n");
write_file("$odd/deep/" . 'x/' x 100 . 'd.py', "def deep(): pass\n");
write_file("$odd/nested.js", 'f(' x 20_000 . "\n" . ')' x 20_000 . "\n" x 1000);
symlink '..', "$odd/sub/loop" or die;
symlink 'good.py', "$odd/link.py" or die;
write_file("$odd/secret.py", "def secret(): pass\n");
chmod 0, "$odd/secret.py";

{
	my ($status, $out, $err) = run_index(@into, '--graph', 'odd.pt_edge', '--create', '--max-size', '0.2', '-v', $odd);
	is($status, $> == 0 ? 0 : 3, 'a file that cannot be read shows in the status') or diag $err;
	is(value("SELECT string_agg(name, ' ' ORDER BY name COLLATE \"C\") FROM odd.pt_entity WHERE entity_type = 'function' AND name <> 'secret'"),
		'deep fine good gr kept other quoted', 'what can be read is read');
	like($err, qr/$_->[0].*: $_->[1]/, "$_->[0]: $_->[1]")
	  foreach [ 'broken.py', 'with errors of syntax' ], [ 'binary.c', 'with zero bytes' ], [ 'large.js', 'larger than' ],
	  [ 'lib.min.js', 'minified' ], [ 'bundle.js', 'minified' ], [ 'build', 'by .gitignore' ], [ 'drop.log.py', 'by .gitignore' ],
	  [ '.hidden', 'hidden' ], [ 'loop', 'symbolic links' ], [ 'link.py', 'symbolic links' ];
	is(value("SELECT count(*) FROM odd.pt_entity WHERE name = 'other' AND file_path = 'na\xC3\xAFve.py'"), 1, 'a path that is not UTF-8 is taken as Latin-1');
	is(value("SELECT properties ->> 'doc' FROM odd.pt_entity WHERE name = 'gr'"), "gr\xC3\xBC\xC3\x9Fe", 'and so is source text');
}
{
	my ($status, undef, $err) = run_index(@into, '--graph', 'odd.pt_edge', '--max-time', '0.001', '--max-size', '100', $odd);
	is($status, 3, 'files that take too long are left out, and the status says so');
	like($err, qr/took longer than --max-time/, 'and the summary');
}

# Nothing to read: why, and what to do.
write_file("$scratch/ignored/a.c", "int a;\n");
write_file("$scratch/ignored/.gitignore", "*\n");
write_file("$scratch/prose/$_", "text\n") foreach 'a.md', 'b.md', 'c.rst', 'Makefile';
mkdir "$scratch/empty" or die;
foreach my $case ([ 'ignored', qr/by \.gitignore: a\.c\n.*--no-ignore/ ], [ 'prose', qr/4 of kinds that are not read: 2 \.md, 1 \.rst, 1 no ending\n.*--languages/ ],
	[ 'empty', qr/there is no source code/ ])
{
	my ($status, undef, $err) = run_index('--json', "$scratch/$case->[0]");
	is($status, 0, "a tree without source code is no error: $case->[0]");
	like($err, $case->[1], '... but it is said');
}
unlike((run_index('--json', '--no-ignore', "$scratch/ignored"))[2], qr/nothing was read/, 'and --no-ignore reads it');
unlike((run_index('--json', $tree))[2], qr/nothing was read/, 'nothing is said where something was read');

# Paths that are one in the database, and names that no key takes.
{
	my $twins = "$scratch/twins";
	write_file("$twins/l\xC3\xA9.py", "def plain(): pass\n");
	write_file("$twins/l\xE9.py", "def twin(): pass\n");
	write_file("$twins/pkg/mod.py", "def inside(): pass\n");
	write_file("$twins/pkg\\mod.py", "def beside(): pass\n");
	write_file("$twins/e\e[31m.py", "def coloured(): pass\n\0");
	write_file("$twins/long.py", 'def ' . 'x' x 3000 . "():\n    " . 'y' x 3000 . "()\n\ndef short():\n    pass\n");
	my $said = indexed('twins', '-v', $twins);
	is(value("SELECT string_agg(name, ' ' ORDER BY name) FROM twins.pt_entity WHERE entity_type = 'function'"), 'inside plain short', 'of two paths that are one in the database the plain one counts');
	is(value("SELECT string_agg(file_path || ' ' || reason, ', ' ORDER BY file_path COLLATE \"C\") FROM twins.pt_left_out"),
		"e\e[31m.py binary, long.py long, l\xC3\xA9.py twin, pkg/mod.py twin", '... and the other is left out, as are names that are too long');
	unlike($said, qr/\e/, '... and nothing is said that a terminal obeys');
	like(indexed('twins', '--update', $twins), qr/^  0 files, .*3 files unchanged, 0 removed/s, '... once and for all');
	like(indexed('twins', '--update', '--prefix', 'a//b\\c', $twins), qr/^  3 files/, 'a prefix is a path, too');
	like(indexed('twins', '--update', '--prefix', 'a//b\\c', $twins), qr/3 files unchanged/, '... whichever way it is written');
}

# What cannot be read for now stays as it was.
SKIP:
{
	skip 'root reads everything', 6 if $> == 0;
	my $closed = "$scratch/closed";
	write_file("$closed/$_/a.py", "def in_$_(): pass\n") foreach qw(open shut gone);
	indexed('closed', $closed);
	system('rm', '-r', "$closed/gone") == 0 or die;
	chmod 0, "$closed/shut";
	my ($status, undef, $err) = run_index(@into, '--graph', 'closed.pt_edge', '--update', $closed);
	chmod 0755, "$closed/shut";
	like("$status $err", qr/^3 .*1 files unchanged, 1 removed.*shut\/ \(Permission denied\)/s, 'a folder that cannot be read shows in the status');
	is(value("SELECT string_agg(name, ' ' ORDER BY name) FROM closed.pt_entity WHERE entity_type = 'function'"), 'in_open in_shut', '... and what was known of it stays');
	like(indexed('closed', '--update', $closed), qr/2 files unchanged, 0 removed/, '... until it can be read again');
}

# Roles and databases that make it hard.
{
	write_file("$scratch/arrow/a.py", "# \xE2\x86\x92\ndef arrow(): pass\n");
	write_file("$scratch/arrow/b.py", "def plain(): pass\n");
	write_file("$scratch/arrow/\xE2\x86\x92.txt", '');
	value(q{
		CREATE ROLE hasty SUPERUSER LOGIN;
		ALTER ROLE hasty SET statement_timeout = '1min';
		ALTER ROLE hasty SET lock_timeout = '1min';
		CREATE ROLE nobody LOGIN;
		SELECT pt_create_codebase('hasty');
		CREATE TABLE limits (name text, setting text);
		CREATE FUNCTION note_limits() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			INSERT INTO public.limits SELECT name, setting FROM pg_settings WHERE name IN ('statement_timeout', 'lock_timeout') AND setting <> '0';
			RETURN NULL;
		END $$;
		CREATE TRIGGER note AFTER INSERT ON hasty.pt_entity EXECUTE FUNCTION note_limits()});
	my ($status, undef, $err) = run_index('-d', $node->connstr('postgres') . ' user=hasty', '--graph', 'hasty.pt_edge', $tree);
	is($status, 0, 'a role whose statements are limited in time') or diag $err;
	is(value('SELECT string_agg(DISTINCT name, $$ $$) FROM limits'), '', '... is not when it indexes');
	($status, undef, $err) = run_index('-d', $node->connstr('postgres') . ' user=nobody', "$scratch/arrow");
	like("$status $err", qr/^1 .*server refused: [ab]\.py \(permission denied for table pt_entity\)/s, 'one that may nothing is told what it may not');
	$node->safe_psql('postgres', "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'");
	$node->safe_psql('latin', 'CREATE EXTENSION parseltongue');
	($status, undef, $err) = run_index('-d', $node->connstr('latin'), '-v', "$scratch/arrow");
	like("$status $err", qr/^3 .*1 files, .*server refused: a\.py/s, 'a database that has not all characters refuses files, and no more');
	is($node->safe_psql('latin', "SELECT string_agg(name, ' ') FROM pt_entity WHERE entity_type = 'function'"), 'plain', '... but takes others');
	is($node->safe_psql('latin', "SELECT string_agg(file_path || ' ' || reason, ', ' ORDER BY reason) FROM pt_left_out WHERE reason IS NOT NULL"), '???.txt kind, a.py refused', '... and is told of all');
}

# ---------------------------------------------------------------------------
# More than there should be, with little memory, and not for ever.
# ---------------------------------------------------------------------------

# Addresses for so many MB.
sub run_within
{
	my ($megabytes, @arguments) = @_;
	my $err = '';
	IPC::Run::run([ 'sh', '-c', 'ulimit -v "$0" && exec "$@"', $megabytes * 1024, $program, @arguments ], '<', \undef, '>', '/dev/null', '2>', \$err);
	return ($? >> 8, $err);
}

my $vast = "$scratch/vast";
write_file("$vast/long/lines.py", "x = 1 # and on and on\n" x 5_000_000);
write_file("$vast/long/line.py", 'a = 1' . ' + 1' x 12_500_000);
write_file("$vast/nested/calls.c", "int x = \n" . "f(\n" x 500_000 . '1' . ")\n" x 500_000 . ";\n");
write_file("$vast/nested/functions.js", "function f() {\n" x 20_000 . "g()\n" . "}\n" x 20_000);
write_file("$vast/nested/same.py", "x = x()\n" x 100_000);
{
	my ($status, $err) = run_within(200, '--json', '-j', '1', "$vast/long");
	like("$status $err", qr/^0 .*2 larger than/s, 'a file of 100 MB and a line of 50 MB are left out');
	($status, $err) = run_within(400, '--json', '-j', '1', '--max-size', '64', "$vast/long");
	like("$status $err", qr/^0 .*1 larger than.*1 minified/s, 'the line for what it is, if it is read');
	my (undef, undef, @before) = times;
	($status, $err) = run_within(1500, '--json', '-j', '1', '--max-time', '3', "$vast/nested");
	like($status, qr/^[03]$/, 'deep nesting takes neither all memory') or diag $err;
	my (undef, undef, @after) = times;
	cmp_ok($after[0] + $after[1] - $before[0] - $before[1], '<', 60, "nor all of the processor's time");
}
# names of one file: no file system takes them all
my $crowd = "$scratch/crowd";
write_file("$crowd/0.py", "def f():\n    g()\n");
foreach (1 .. 199_999)
{
	my $first = $_ - $_ % 50_000;
	if ($_ == $first) { write_file("$crowd/$_.py", "def f():\n    g()\n") } else { link "$crowd/$first.py", "$crowd/$_.py" or die "$_: $!" }
}
{
	my ($status, $err) = run_within(400, '--json', '-j', '2', $crowd);
	like("$status $err", qr/^0 .*200,?000 files/s, 'a folder of 200,000 files');
}

# ---------------------------------------------------------------------------
# Mistakes.
# ---------------------------------------------------------------------------

foreach my $case ([ 2, qr/no tree is named/, @into ], [ 2, qr/no database is named/, $tree ], [ 2, qr/invalid number of jobs: 0/, '-j', '0', $tree ],
	[ 2, qr/unrecognized option/, '--nonsense', $tree ], [ 2, qr/--json goes with neither/, '--json', '--update', $tree ],
	[ 1, qr/cannot read .*nowhere/, @into, "$tree/nowhere" ],
	[ 1, qr/(?:relation|schema) "nothing(?:.pt_edge)?" does not exist/, @into, '--graph', 'nothing.pt_edge', $tree ],
	[ 1, qr/has no extension parseltongue/, '-d', $node->connstr('template1'), $tree ],
	[ 1, qr/pt-index: connection to server/, '-d', 'host=/nowhere', $tree ])
{
	my ($wanted, $message, @arguments) = @$case;
	my ($status, $out, $err) = run_index(@arguments);
	is("$status|$out", "$wanted|", "status $wanted: @arguments");
	like($err, $message, 'and why');
}
{
	my ($status, $out, $err) = run_index('--help');
	is("$status|$err", '0|', '--help is no mistake');
	like($out, qr/^Usage: pt-index -d CONNINFO/, 'and helps');
	my $manual = slurp_file("$top/indexers/pt-index/pt-index.1") =~ s/\\-/-/gr;
	my %explained = map { $_ => 1 } map { /(--[a-z-]+)/g } $manual =~ /\.TP\n(\..*)/g;
	# which is for those who write queries
	delete $explained{'--check'};
	$explained{'--help'} = 1;
	is(join(' ', sort keys %explained), join(' ', sort keys %{ { map { $_ => 1 } $out =~ /^ {2}(?:-\w, | {4})(--[a-z-]+)/mg } }), 'the manual page explains the same options');
}

$node->stop;
done_testing();
