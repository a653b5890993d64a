# Updates: references of changed files resolved again are what resolving all of
# them leaves, whoever else writes; pt-index follows a tree by --update, --since
# and --watch, says what it leaves out, and makes a codebase all at once.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use IPC::Run;
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use PtTest;
use List::Util qw(sum);
use Test::More;
use Time::HiRes qw(sleep time);

my $seed = $ENV{PT_SEED} // int rand 1e9;
note "PT_SEED=$seed";
srand $seed;

my $node = PostgreSQL::Test::Cluster->new('update');
$node->init;
$node->append_conf('postgresql.conf', "fsync = off\njit = off\ndeadlock_timeout = 100ms\n");
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION parseltongue');

sub value
{
	return $node->safe_psql('postgres', shift);
}

# ---------------------------------------------------------------------------
# Random code: files that define and refer to things of few names, and edits.
# ---------------------------------------------------------------------------

our @paths = ('p/m1.py', 'p/m2.py', 'p/q/m3.py', 'r/m4.py', 'm5.py', 'r/p_m1.py', 'r/p/m1.py', 'p/__init__.py', './p/m6.py', 'p/util.js', 'r/util.ts', 'r/lib.c', 'r/lib.h', 'p/J1.java', 'p/q/J2.java', 'r/p/J3.java');
my @names = qw(run step load next get put make);
my @types = qw(Base Job Task Item);
my @packages = qw(./p ./r ./p/q x/p x/p_test x/r);
my @modules = qw(p p.m1 p.m2 p.q.m3 r.m4 m5 util r.util lib m5.h ../p/m1.h m1.h util.c);
# in some codebases files say that they qualify their references
my $qualify;
# and in one there is nothing but C, of which all is plain
my $plain;
# and in some nothing passes on what nobody knows the names of, or is another name of a type, which may lead in a circle
my $known;
my %language = (py => 'python', js => 'javascript', ts => 'typescript', c => 'c', h => 'c', java => 'java', go => 'go', rs => 'rust', cpp => 'cpp');

sub pick { return $_[ int rand @_ ]; }

sub some_references
{
	my @references;
	foreach (1 .. int rand 4)
	{
		my $qualifier = rand() < 0.5 ? '' : pick('self.', 'super.', 'x.', (map { "$_." } @types), 'm1.', 'util.', 'p.m2.', 'Job.Item.', './p/m1::', 'p.m1::Job.', 'm5::', 'Base.super.', 'Task.field.', 'Item.next.', 'run().', 'Job.field.field.', 'Job.other.next.', 'Base.unknown.', 'Item.make().', 'p/m1::', '?.', 'p::', 'p::Job.', 'p.q::Task.super.', './r::', './p::', './p::step.', './r/util::Job.', 'run.@0@1.', './p/m1::run.@0@1.', 'Job.load().next.', 'p::get().', 'x/p::', 'x/p::Job.', 'y/p::', 'field.', 'var.[].', 'Job.field.[].', 'x/p_test::', 'var.field.', 'x/p::var.');
		my $arguments = rand() < 0.3 ? pick('(1)', '(2)', '(int)', '(Job)', '(String,Base)', '(?,run())', '(Task.field,int)', '(Job.other,Item.make())') : '';
		push @references, [ pick('Calls', 'Calls', 'Calls', 'Uses', 'Implements'), pick('fn', 'fn', 'class', 'method', 'const'), $qualifier . pick(@names, @types) . $arguments ];
	}
	return \@references;
}

sub new_fields
{
	return rand() < 0.5 ? { (map { pick(qw(field other next)) => pick(@types, 'm1.Job', 'p::Task', 'Item[]') } 1 .. pick(1, 2)), rand() < 0.2 ? ('[]' => pick(@types)) : () } : undef;
}

sub new_method
{
	return { type => 'method', name => pick(@names), references => some_references(), returns => pick('', '', 'Job', 'p::Task', 'int', 'this', 'x/p::Job', 'Task[]', 'var'),
		rand() < 0.5 ? () : (parameters => pick('int', 'Base', 'Object', 'String,Item', 'Object,Object', 'p::Job...')) };
}

sub new_thing
{
	return { type => pick('fn', 'function', 'const', 'struct', 'macro'), name => pick(@names, @types), static => rand() < 0.3, references => some_references() } if $plain;
	return { type => 'typedef', name => pick(@types), returns => pick(@types, './p::Job', './r/util::Base') } if rand() < 0.1 && !$known;
	return { type => pick('fn', 'function', 'const'), name => pick(@names), static => rand() < 0.3, references => some_references(), returns => pick('', '', @types, 'p.m1::Job'),
		fields => rand() < 0.3 ? { pick('@0@1', 'next') => pick(@types, './p::Job') } : undef } if rand() > 0.35;
	return { type => pick('class', 'class', 'struct', 'interface'), name => pick(@types), members => [ map { new_method() } 1 .. int rand 4 ],
		bases => [ map { pick(@types, map { ("m1.$_", "p::$_") } @types) } 1 .. int rand 3 ], interfaces => [ map { pick(@types) } 1 .. int rand 2 ], said => rand() < 0.5, fields => new_fields() };
}

sub new_file
{
	return { path => shift, shift => 0, exports => some_exports(), qualified => $qualify && rand() < 0.8, things => [ map { new_thing() } 1 .. 1 + int rand 5 ],
		package => $known ? './p' : pick(@packages), variables => rand() < 0.5 ? { var => pick(@types, 'x/p::Job', 'run()', 'x/p::var', 'Job[]') } : undef,
		opens => [ map { pick('p', 'p.q', 'r', 'p::Job', 'r::Base', 'x/p') } 1 .. int rand 3 ],
		imports => [ map { pick(@modules) . (rand() < 0.3 ? '.' . pick(@names, @types) : '') } 1 .. int rand 4 ] };
}

# What a module has for others that it does not define: variables, and what it passes on.
sub some_exports
{
	my %exports = map { pick(@names, @types) => pick(@types, './p/m1::Job', map { "=$_" } './p/m1::run', './r/util::Base', './p::', './p::step', 'load', './r::get') } 1 .. int rand 3;
	my $module = pick('./p/m1', './r/util', './p', './r', 'm5');
	$exports{"*$module"} = "=${module}::" if rand() < 0.3 && !$known;
	$exports{default} = pick('=run', '=./p/m1::Job', 'Task') if rand() < 0.1 && !$known;
	return \%exports;
}

# What an indexer says of a file.
sub document
{
	my $file = shift;
	my $language = $language{ $file->{path} =~ s/.*\.//r };
	my (@entities, @edges, $entity, %seen);
	my $line = 1 + $file->{shift};
	my $file_key = "$language:file:$file->{path}:1-1";
	my $unresolved = sub { return "$language:$_[0]:$_[1]:unresolved-reference:0-0"; };

	$entity = sub {
		my ($thing, $scope) = @_;
		my $first = $line++;
		my $key = "$language:$thing->{type}:$thing->{name}:$file->{path}:$first-" . ($first + 1);
		push @entities, { key => $key, entity_type => $thing->{type}, language => $language, name => $thing->{name}, file_path => $file->{path},
			line_start => $first, properties => { defined $scope ? (scope => $scope) : (), $thing->{returns} ? (returns => $thing->{returns}) : (),
				$thing->{parameters} && $language eq 'java' ? (parameters => $thing->{parameters}, arity => 1 + $thing->{parameters} =~ tr/,//) : (),
				$thing->{fields} ? (fields => $thing->{fields}) : (), @{ $thing->{bases} // [] } > 1 && $thing->{said} ? (bases => [ reverse @{ $thing->{bases} } ]) : (), $thing->{static} && $language eq 'c' ? (linkage => 'static') : () } };
		push @edges, [ $key, $unresolved->($_->[1], $_->[2]), $_->[0], "$file->{path}:$first" ] foreach @{ $thing->{references} // [] };
		push @edges, [ $key, $unresolved->('class', $_), 'Extends', length() % 2 ? "$file->{path}:" . length() : () ] foreach @{ $thing->{bases} // [] };
		push @edges, [ $key, $unresolved->('class', $_), 'Implements', "$file->{path}:1" ] foreach @{ $thing->{interfaces} // [] };
		push @edges, [ $key, $entity->($_, $thing->{name}), 'Contains' ] foreach @{ $thing->{members} // [] };
		return $key;
	};
	return '{}' if $file->{gone};
	push @entities, { key => $file_key, entity_type => 'file', language => $language, name => $file->{path} =~ s{.*/}{}r, file_path => $file->{path}, line_start => 1, properties => { $file->{qualified} ? (qualified => JSON::PP::true) : (), $language eq 'java' ? (opens => join ' ', @{ $file->{opens} }) : (),
		$file->{qualified} && $language =~ /python|script/ ? (fields => $file->{exports}) : (),
		$language eq 'go' ? (opens => join(' ', $file->{package}, grep { /^x/ } @{ $file->{opens} }), $file->{variables} ? (fields => $file->{variables}) : ()) : () } };
	push @edges, [ $file_key, "$language:module:$_:0-0", 'Uses' ] foreach @{ $file->{imports} };
	$entity->($_) foreach @{ $file->{things} };
	return encode_json({ entities => \@entities,
		edges => [ map { { from_key => $_->[0], to_key => $_->[1], edge_type => $_->[2], defined $_->[3] ? (source_location => $_->[3]) : () } } grep { !$seen{"@$_[0 .. 2]"}++ } @edges ] });
}

# What somebody does to a file, in place; what it is called.
sub edit
{
	my $file = shift;
	%$file = %{ new_file($file->{path}) } if $file->{gone};
	my $thing = pick(@{ $file->{things} });
	my @owners = grep { $_->{bases} } @{ $file->{things} };
	my $what = pick(qw(anew lines lines rename import base base member reference drop add type swap gone open interface field signature variable export));

	if ($what eq 'anew') { %$file = %{ new_file($file->{path}) }; }
	elsif ($what eq 'lines') { $file->{shift} = int rand 9; }
	elsif ($what eq 'rename') { $thing->{name} = $thing->{bases} ? pick(@types) : pick(@names); }
	elsif ($what eq 'import') { if (rand() < 0.5) { pop @{ $file->{imports} } } else { push @{ $file->{imports} }, pick(@modules) } }
	elsif ($what eq 'base' && @owners) { pick(@owners)->{bases} = [ map { pick(@types) } 1 .. int rand 3 ]; }
	elsif ($what eq 'member' && @owners) { my $members = pick(@owners)->{members}; if (rand() < 0.5) { shift @$members } else { push @$members, new_method() } }
	elsif ($what eq 'reference' && !$thing->{bases}) { $thing->{references} = some_references(); }
	elsif ($what eq 'drop' && @{ $file->{things} } > 1) { pop @{ $file->{things} }; }
	elsif ($what eq 'add') { push @{ $file->{things} }, new_thing(); }
	elsif ($what eq 'type' && !$thing->{bases}) { $thing->{type} = pick('fn', 'const', 'mod'); }
	elsif ($what eq 'swap') { push @{ $file->{things} }, shift @{ $file->{things} }; }
	elsif ($what eq 'open') { $file->{opens} = [ map { pick('p', 'p.q', 'r', 'p::Job') } 1 .. int rand 3 ]; }
	elsif ($what eq 'interface' && @owners) { pick(@owners)->{interfaces} = [ map { pick(@types) } 1 .. int rand 3 ]; }
	elsif ($what eq 'field' && @owners) { pick(@owners)->{fields} = new_fields(); }
	elsif ($what eq 'signature' && grep { @{ $_->{members} } } @owners) { %$_ = (%{ new_method() }, name => $_->{name}) foreach pick(map { @{ $_->{members} } } @owners); }
	elsif ($what eq 'variable') { $file->{variables} = rand() < 0.5 ? { var => pick(@types, 'x/r::Task', 'make()') } : undef; $file->{package} = pick(@packages) if rand() < 0.2 && !$known; }
	elsif ($what eq 'export') { $file->{exports} = some_exports(); }
	elsif ($what eq 'gone') { $file->{gone} = 1; }
	return $what;
}

sub replacing
{
	my ($file, $graph) = @_;
	return "pt_replace_file('$file->{path}', \$document\$" . document($file) . "\$document\$, '$graph')";
}

# ---------------------------------------------------------------------------
# What is left is what resolving everything leaves.
# ---------------------------------------------------------------------------

value(<<'SQL');
CREATE TABLE wrong (step text, side text, row text);
CREATE TABLE whole (codebase integer, everything boolean);
-- how many rows differ from those that resolving all anew would leave; nothing stays of that
CREATE FUNCTION differences(graph regclass, max_candidates int, alternatives boolean, step text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	here text[];
	wanted text[];
BEGIN
	EXECUTE format('SELECT array_agg(e::text) FROM %s AS e', graph) INTO here;
	BEGIN
		PERFORM pt_forget_resolutions(graph), pt_resolve_references(graph, max_candidates, alternatives);
		EXECUTE format('SELECT array_agg(e::text) FROM %s AS e', graph) INTO wanted;
		RAISE EXCEPTION USING errcode = 'ZZ000';
	EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
	END;
	INSERT INTO wrong SELECT step, 'missing', r FROM (SELECT unnest(wanted) EXCEPT SELECT unnest(here)) AS d (r);
	INSERT INTO wrong SELECT step, 'left over', r FROM (SELECT unnest(here) EXCEPT SELECT unnest(wanted)) AS d (r);
	RETURN (SELECT count(*) FROM wrong AS w WHERE w.step = differences.step);
END $$;
SQL

# some of several languages, some of one
my @kinds = (
	undef, undef, undef,
	[ 'p/m1.py', 'p/m2.py', 'p/q/m3.py', 'r/m4.py', 'm5.py', 'r/p_m1.py', 'r/p/m1.py', 'p/__init__.py' ],
	[ 'p/m1.ts', 'p/m2.ts', 'r/p/m1.ts', 'r/index.ts', 'p/util.js', 'r/util.ts', 'm5.ts' ],
	[ 'p/m1.c', 'p/m1.h', 'p/q/m2.c', 'r/util.c', './r/m1.c', 'm5.h', 'p/win/m2.c', 'r/linux.c' ],
	[ 'p/m1.cpp', 'p/q/m2.cpp', 'p/m1.go', 'r/m2.go', 'p/m1.rs', 'r/lib.rs', 'p/util.cpp', 'r/util.h' ],
	[ 'p/J1.java', 'p/q/J2.java', 'r/p/J3.java', 'r/J4.java', 'r/q/J5.java', 'p/J6.java', 'J7.java' ],
	[ 'p/m1.py', 'p/J1.java', 'r/p/J3.java', 'p/m1.ts', 'r/lib.c', 'p/m1.go' ],
	[ 'p/m1.go', 'p/m2.go', 'p/q/m3.go', 'r/m4.go', 'r/m5.go', 'm6.go', 'old/p/m1.go', 'p/win.go', 'p/linux.go', 'r/util.go' ]);

my @wholes;
foreach my $n (1 .. 9)
{
	my $graph = "random_$n.pt_edge";
	my $options = join ', ', pick(2, 5, 25), pick('true', 'false');
	$qualify = $n > 2;
	$plain = $n == 5;
	$known = $kinds[$n] && $n < 8;
	local @paths = @{ $kinds[$n] // \@paths };
	my %file = map { $_ => new_file($_) } @paths;
	my @said = ("SELECT pt_create_codebase('random_$n');");

	# what is fast with indexes is right without
	push @said, "SELECT FROM pt_enable_updates('$graph');" if $n % 2;
	push @said, map { rand() < 0.7 ? 'SELECT FROM ' . replacing($file{$_}, $graph) . ';' : ($file{$_}{gone} = 1)[1 .. 0] } @paths;
	push @said, "SELECT FROM pt_resolve_references('$graph', $options);";
	foreach my $step (1 .. 20)
	{
		my @done;
		foreach (1 .. pick(1, 1, 1, 3))
		{
			my $path = pick(@paths);
			push @done, edit($file{$path}) . " $path";
			push @said, 'SELECT FROM ' . replacing($file{$path}, $graph) . ';';
		}
		push @said, "INSERT INTO whole SELECT $n, everything FROM pt_resolve_changed('$graph', $options);",
		  "SELECT d FROM differences('$graph', $options, \$step\$codebase $n, step $step: @done\$step\$) AS d WHERE d > 0;";
	}
	my $differs = value(join "\n", @said);
	is(join(' ', grep { /\S/ && $_ ne $graph } split /\n/, $differs), '', "codebase $n ($options): after each step what resolving everything leaves")
	  or diag "PT_SEED=$seed\n", value('SELECT step, side, row FROM wrong ORDER BY ctid LIMIT 10');
	# but where names lead too far, as where functions return what each other returns: chance may make that of a codebase for good
	my $wholes = value("SELECT count(*) FROM whole WHERE codebase = $n AND everything");
	if (!$qualify || $plain) { is($wholes, 0, 'without doing that'); }
	elsif ($known) { push @wholes, $wholes; }
}
note "of 20 steps each, everything was resolved in: @wholes";
cmp_ok(sum(@wholes), '<', 15 * @wholes, 'and mostly without doing that where references are qualified');
cmp_ok(value(q{SELECT count(*) FROM random_1.pt_edge WHERE reference_key IS NOT NULL}), '>', 0, 'there are guesses');

# ---------------------------------------------------------------------------
# What is noted, and when everything is done instead.
# ---------------------------------------------------------------------------

sub notes
{
	return value('SELECT string_agg(concat_ws(\' \', files, gone, gone_names, names, CASE WHEN rebased THEN \'rebased\' END), \'|\' ORDER BY ctid) FROM noted.pt_pending');
}

sub replace_noted
{
	my ($path, $document) = @_;
	value("SELECT FROM pt_replace_file('$path', '$document', 'noted.pt_edge')");
	return;
}

# by pt_note_change; the tables are made by pt_copy_table
value("SELECT pt_create_codebase('noted')");
is(value(q{SELECT count(*) FROM pg_attribute AS a JOIN pg_attribute AS b USING (attname, atttypid, attnotnull, attnum)
	WHERE a.attrelid = ANY ('{pt_left_out,pt_pending}'::regclass[]) AND b.attrelid::regclass::text = 'noted.' || a.attrelid::regclass AND a.attnum > 0
	  AND col_description(a.attrelid, a.attnum) IS NOT DISTINCT FROM col_description(b.attrelid, b.attnum)}), 13, 'a codebase has tables like those of the extension');
my $one = '{"key": "py:fn:one:a.py:1-2", "entity_type": "fn"}';
my $two = '{"key": "py:class:Two:a.py:3-4", "entity_type": "class"}';
replace_noted('a.py', qq({"entities": [$one, $two]}));
is(notes(), '{a.py} {} {Two,one}', 'of a new file all names are noted');
value("SELECT FROM pt_resolve_changed('noted.pt_edge')");
is(notes(), '', 'and no longer once it is seen to');
replace_noted('a.py', qq({"entities": [$one, $two]}));
is(notes(), '', 'nothing of what is the same');
replace_noted('a.py', qq({"entities": [{"key": "py:fn:one:a.py:2-3", "entity_type": "fn"}, $two]}));
is(notes(), '{a.py} {py:fn:one:a.py:1-2} {one} {}', 'what has moved, by its old key');
replace_noted('a.py', qq({"entities": [$one, $two], "edges": [{"from_key": "py:class:Two:a.py:3-4", "to_key": "py:class:m.Three:unknown:0-0", "edge_type": "Extends"}]}));
is(notes(), '{a.py} {py:fn:one:a.py:1-2} {one} {}|{a.py} {py:fn:one:a.py:2-3} {one} {Two} rebased', 'and that a base is new');
is(value("SELECT changed_files || ' ' || everything FROM pt_resolve_changed('noted.pt_edge')"), '1 false', 'one file has changed');

# a key may be another entity's after lines have moved
sub two_classes
{
	my $line = shift;
	my ($a, $b) = ($line, $line + 3);
	return '{"entities": [{"key": "py:file:c.py:1-1", "entity_type": "file", "properties": {"qualified": true}}, ' . join(', ', map {
		my ($name, $from) = @$_;
		my ($next, $to) = ($from + 1, $from + 2);
		qq({"key": "py:class:$name:c.py:$from-$to", "entity_type": "class", "line_start": $from}, {"key": "py:method:run:c.py:$next-$to", "entity_type": "method", "line_start": $next, "properties": {"scope": "$name"}})
	} [ A => $a ], [ B => $b ]) . ']}';
}
value("SELECT pt_create_codebase('moved')");
value("SELECT FROM pt_replace_file('c.py', '" . two_classes(1) . "', 'moved.pt_edge')");
value(<<'SQL');
SELECT FROM pt_replace_file('d.py', '{"entities": [{"key": "py:file:d.py:1-1", "entity_type": "file", "properties": {"qualified": true}}, {"key": "py:fn:d:d.py:1-2"}],
	"edges": [{"from_key": "py:fn:d:d.py:1-2", "to_key": "py:method:c::B.run:unresolved-reference:0-0"}]}', 'moved.pt_edge');
SELECT FROM pt_resolve_references('moved.pt_edge');
SQL
value("SELECT FROM pt_replace_file('c.py', '" . two_classes(4) . "', 'moved.pt_edge')");
is(value("SELECT everything FROM pt_resolve_changed('moved.pt_edge')"), 'f', 'a method moves to where another was');
is(value("SELECT string_agg(to_key, ' ') FROM moved.pt_edge WHERE reference_key IS NOT NULL"), 'py:method:run:c.py:8-9', 'and is still the one that is called');
value("SELECT pt_drop_codebase('moved')");

replace_noted('b.py', '{"entities": [{"key": "py:fn:b:b.py:1-2"}], "edges": [{"from_key": "py:fn:stranger:b.py:5-6", "to_key": "py:fn:one:unknown:0-0"}]}');
is(value("SELECT changed_files || ' ' || everything FROM pt_resolve_changed('noted.pt_edge')"), '0 true', 'an edge of what is no entity has everything done');
is(value("SELECT everything FROM pt_resolve_changed('noted.pt_edge')"), 't', 'as long as it is there');
replace_noted('b.py', '{}');
value("DELETE FROM noted.pt_edge WHERE from_key LIKE '%stranger%'; SELECT FROM pt_resolve_references('noted.pt_edge')");
is(value("SELECT everything FROM pt_resolve_changed('noted.pt_edge')"), 'f', 'and no longer');
replace_noted('b.py', '{"entities": [{"key": "py:fn:b:b.py:1-2"}], "edges": [{"from_key": "py:fn:b:b.py:1-2", "to_key": "py:fn:one:unknown:0-0"}]}');
value("SELECT FROM pt_resolve_changed('noted.pt_edge'); SELECT pt_forget_resolutions('noted.pt_edge')");
is(value("SELECT everything || ' ' || guesses_inserted FROM pt_resolve_changed('noted.pt_edge')"), 'true 1', 'after guesses were forgotten, too');
value("SELECT FROM generate_series(1, 501) AS i, pt_replace_file('f' || i || '.py', jsonb_build_object('entities', jsonb_build_array(jsonb_build_object('key', 'f' || i))), 'noted.pt_edge')");
is(value("SELECT changed_files || ' ' || everything FROM pt_resolve_changed('noted.pt_edge')"), '501 true', 'and if many files have changed');

# a codebase of an earlier version
value("DROP TABLE noted.pt_pending, noted.pt_left_out");
replace_noted('b.py', '{}');
is(value("SELECT everything || ' ' || guesses_deleted FROM pt_resolve_changed('noted.pt_edge')"), 'true 0', 'a codebase without notes has everything done');
is(value("SELECT count(*) FROM pt_left_out_summary('noted.pt_edge')"), 0, 'and nobody knows what was left out');
value("SELECT _parseltongue.pt_complete_codebase('noted.pt_edge'), _parseltongue.pt_complete_codebase('noted.pt_edge')");
is(value("SELECT everything FROM pt_resolve_changed('noted.pt_edge')"), 'f', 'it can be given the tables');
value("SELECT pt_drop_codebase('noted')");

# ---------------------------------------------------------------------------
# Others write, too.
# ---------------------------------------------------------------------------

# what is committed while references are being resolved is left for the next one
{
	$qualify = 0;
	my %file = map { $_ => new_file($_) } @paths;
	value("SELECT pt_create_codebase('shared')");
	value("SELECT FROM " . replacing($file{$_}, 'shared.pt_edge')) foreach @paths;
	value("SELECT FROM pt_resolve_references('shared.pt_edge')");
	my $writer = $node->background_psql('postgres');
	$file{$_}{shift}++ foreach @paths[ 0, 3 ];
	$writer->query_safe('BEGIN; SELECT FROM ' . replacing($file{ $paths[0] }, 'shared.pt_edge'));
	value('SELECT FROM ' . replacing($file{ $paths[3] }, 'shared.pt_edge'));
	# it waits for the writer if it wants to change the same guesses
	my $resolver = pt_bg($node, 'psql', '-XqAt', '-d', $node->connstr('postgres'), '-c', "SELECT changed_files || ' ' || everything FROM pt_resolve_changed('shared.pt_edge')");
	1 while $resolver->{run}->pumpable && value("SELECT count(*) FROM pg_locks WHERE NOT granted") eq '0' && ($resolver->{run}->pump_nb || 1);
	$writer->query_safe('COMMIT');
	is((pt_bg_stop($resolver))[1], "1 false\n", 'what is not committed is not seen to');
	is(value("SELECT changed_files || ' ' || everything FROM pt_resolve_changed('shared.pt_edge')"), '1 false', 'but is once it is');
	is(value("SELECT differences('shared.pt_edge', 25, true, 'shared')"), 0, 'and nothing is lost');
	# one that fails or ends leaves its notes
	$file{ $paths[1] }{shift}++;
	value('SELECT FROM ' . replacing($file{ $paths[1] }, 'shared.pt_edge'));
	value("BEGIN; SELECT FROM pt_resolve_changed('shared.pt_edge'); ROLLBACK");
	value("SELECT FROM pt_resolve_changed('shared.pt_edge')");
	is(value("SELECT differences('shared.pt_edge', 25, true, 'rolled back')"), 0, 'one that was rolled back is made up for');
	$writer->quit;

	# several at once, each of whom replaces some files and resolves
	my @runs;
	foreach my $n (0 .. 3)
	{
		my $script = '';
		foreach (1 .. 12)
		{
			my $path = $paths[ 4 * int(rand 3) + $n ];
			edit($file{$path});
			$script .= 'SELECT FROM ' . replacing($file{$path}, 'shared.pt_edge') . ";\nSELECT FROM pt_resolve_changed('shared.pt_edge');\n";
		}
		push @runs, pt_bg($node, 'psql', '-XqAt', '-v', 'VERBOSITY=sqlstate', '-d', $node->connstr('postgres'), '-f', pt_script($node, "writer_$n", $script));
	}
	is(join('', map { (pt_bg_stop($_))[2] =~ s/^.*ERROR:  40P01\n//mgr } @runs), '', 'four at a time replace files and resolve');
	value("SELECT FROM pt_resolve_changed('shared.pt_edge')");
	is(value("SELECT differences('shared.pt_edge', 25, true, 'at once')"), 0, 'and leave what one would')
	  or diag value("SELECT side, row FROM wrong WHERE step = 'at once'");
}

# who may write files needs no more than the tables
$node->safe_psql('postgres', "CREATE ROLE writer; GRANT USAGE ON SCHEMA shared TO writer; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA shared TO writer; GRANT USAGE ON SEQUENCE pt_import_id TO writer; GRANT INSERT ON pt_import_rejection TO writer");
value("SET ROLE writer; SELECT FROM pt_replace_file('z.py', '{\"entities\": [{\"key\": \"z\"}]}', 'shared.pt_edge'); SELECT FROM pt_resolve_changed('shared.pt_edge')");
is(value('SELECT count(*) FROM shared.pt_pending'), 0, 'a writer who does not own the tables');

# ---------------------------------------------------------------------------
# pt-index.
# ---------------------------------------------------------------------------

my $program = $ENV{PT_INDEX};
my $scratch = PostgreSQL::Test::Utils::tempdir();
$ENV{XDG_CACHE_HOME} = $scratch;
my $tree = "$scratch/tree";
my @into = ('-d', $node->connstr('postgres'));
my $watch;
END { $watch->kill_kill if $watch && $watch->pumpable; }

sub run_index
{
	my ($out, $err) = ('', '');
	local $ENV{PGAPPNAME} = 'pt-index';
	IPC::Run::run([ $program, @_ ], '<', \undef, '>', \$out, '2>', \$err);
	return ($? >> 8, $out, $err);
}

# One that goes on; what it says comes into the last argument.
sub start_index
{
	my $err = pop;
	local $ENV{PGAPPNAME} = 'pt-index';
	return IPC::Run::start([ $program, @_ ], '<', \undef, '>', \my $out, '2>', $err);
}

sub indexed
{
	my ($schema, @arguments) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my ($status, $out, $err) = run_index(@into, '--graph', "$schema.pt_edge", @arguments);
	is("$status|$out", '0|', "pt-index --graph $schema.pt_edge @arguments") or diag $err;
	return $err;
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

sub python_file
{
	my ($path, $name) = @_;
	write_file("$tree/$path", join '', map { "def ${name}_$_(x):\n    return ${name}_" . ($_ + 1) . "(x) + shared($_)\n\n" } 1 .. 5);
	return;
}

# all that a codebase has but for times
sub content
{
	my $schema = shift;
	return value("SELECT md5(string_agg(r, E'\\n' ORDER BY r COLLATE \"C\")) FROM (SELECT (e.key, name, entity_type, entity_class, language, file_path, line_start, line_end, signature, code, properties)::text AS r FROM $schema.pt_entity e UNION ALL SELECT e::text FROM $schema.pt_edge e) AS r");
}

sub is_as_afresh
{
	my ($schema, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	value("SELECT pt_drop_codebase('afresh') WHERE to_regnamespace('afresh') IS NOT NULL");
	my ($status, $out, $err) = run_index(@into, '-q', '--graph', 'afresh.pt_edge', '--create', $tree);
	is("$status " . content($schema), '0 ' . content('afresh'), $name) or diag $err;
	return;
}

sub left_out
{
	my $schema = shift;
	return value("SELECT string_agg(concat_ws(' ', language, reason, files), ', ' ORDER BY reason IS NULL DESC, language, reason) FROM pt_left_out_summary('$schema.pt_edge')");
}

SKIP:
{
	skip 'pt-index is not there: ' . ($ENV{PT_INDEX_MISSING} || 'PT_INDEX does not name it'), 1 unless $program;

	# ---- what it leaves out ----
	python_file("pkg$_/mod.py", "name$_") foreach 1 .. 6;
	write_file("$tree/shared.py", "def shared(n):\n    return n\n");
	write_file("$tree/README.md", "text\n");
	write_file("$tree/broken.py", "def fine():\n    return 1\n\nclass (:\n  def ]]\n");
	write_file("$tree/large.js", "function f() {}\n" x 20_000);
	indexed('kept', '--create', '--max-size', '0.2', $tree);
	is(left_out('kept'), '0, javascript large 1, python syntax 1, kind 1', 'what is left out is there to be asked for');
	my $when = value("SELECT indexed_at FROM pt_left_out_summary('kept.pt_edge') WHERE reason IS NULL");
	cmp_ok(value("SELECT now() - '$when'::timestamptz < interval '1 hour'"), 'eq', 't', 'and when it was');
	indexed('kept', '--update', '--max-size', '0.2', $tree);
	is(left_out('kept'), '0, javascript large 1, python syntax 1, kind 1', 'an update that does not read them says the same');
	indexed('kept', '--prefix', 'other', "$tree/pkg1");
	is(left_out('kept'), '0, javascript large 1, python syntax 1, kind 1', 'what has another prefix is left alone');
	is(value('SELECT string_agg(prefix, \',\' ORDER BY prefix) FROM kept.pt_left_out WHERE reason IS NULL'), ',other/', 'each has its time');
	indexed('kept', '--update', $tree);
	is(left_out('kept'), '0, python syntax 1, kind 1', 'what is not left out any more is told no more');
	is(value("SELECT count(*) FROM kept.pt_entity WHERE file_path LIKE 'other/%'"), 0, 'and --update removes what is not in its tree');

	# ---- what is no source code any more ----
	write_file("$tree/pkg1/mod.py", "x = '\0'\n");
	write_file("$tree/pkg2/mod.py", 'x = 1;' x 4000);
	write_file("$tree/pkg3/mod.py", "def a():\n    pass\n" x 20_000);
	my $said = indexed('kept', '--update', '--max-size', '0.3', $tree);
	like($said, qr/2 larger than.*1 with zero bytes.*1 minified/s, 'it is counted');
	is(value("SELECT count(*) FROM kept.pt_entity WHERE file_path ~ '^pkg[123]/'"), 0, 'and what was known of it is gone');
	python_file("pkg$_/mod.py", "name$_") foreach 1 .. 3;
	indexed('kept', '--update', $tree);
	is_as_afresh('kept', 'until it is again');

	# ---- a codebase comes all at once ----
	my $seen = 0;
	my $run = start_index(@into, '--graph', 'sudden.pt_edge', '--create', '-q', $tree, \my $err);
	do
	{
		my $now = value("SELECT string_agg(nspname, ',' ORDER BY nspname) FROM pg_namespace WHERE nspname ~ '^sudden'") =~ s/\s+\z//r;
		$seen++ if $now eq 'sudden (being indexed)';
		is(content('sudden'), content('kept'), 'it is whole when it appears') if $now eq 'sudden';
		$run->pump_nb;
	} while ($run->pumpable);
	$run->finish;
	is(content('sudden'), content('kept'), 'a codebase is made under another name');
	note "seen $seen times under its other name";

	# one that is killed before its end, and one that waits for it
	my $blocker = $node->background_psql('postgres');
	value(<<'SQL');
CREATE TABLE stopper ();
CREATE FUNCTION stop_it() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE
	filled boolean := false;
BEGIN
	IF tg_tag = 'CREATE INDEX' AND to_regclass('"killed (being indexed)".pt_entity') IS NOT NULL THEN
		EXECUTE 'SELECT EXISTS (SELECT FROM "killed (being indexed)".pt_entity)' INTO filled;
	END IF;
	IF filled THEN
		LOCK TABLE public.stopper;
	END IF;
END $$;
CREATE EVENT TRIGGER stop_it ON ddl_command_start EXECUTE FUNCTION stop_it();
SQL
	$blocker->query_safe('BEGIN; LOCK TABLE stopper');
	my @making = map { start_index(@into, '--graph', 'killed.pt_edge', '--create', '-q', '-j', '1', $tree, \my $e) } 1 .. 2;
	ok(pt_wait_for($node, 'SELECT count(*) = 2 FROM pg_locks WHERE NOT granted'), 'one makes it, the other waits');
	$_->kill_kill foreach @making;
	$blocker->query_safe('ROLLBACK');
	value('DROP EVENT TRIGGER stop_it');
	ok(pt_wait_for($node, "SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = 'pt-index'"), 'both are killed');
	is(value("SELECT string_agg(nspname, ',') FROM pg_namespace WHERE nspname ~ '^killed'"), 'killed (being indexed)', 'and leave no codebase of that name');
	indexed('killed', '--create', $tree);
	is(value("SELECT string_agg(nspname, ',') FROM pg_namespace WHERE nspname ~ '^killed'"), 'killed', 'the next one cleans up');
	is(content('killed'), content('kept'), 'and does it all');
	$blocker->quit;

	# several who want to make the same one
	my @runs = map { start_index(@into, '--graph', 'wanted.pt_edge', '--create', '-q', $tree, \my $e) } 1 .. 3;
	my $failed = grep { $_->finish; $_->result(0) } @runs;
	is("$failed " . content('wanted'), '0 ' . content('kept'), 'several who make the same codebase leave it as one does');

	# ---- --since ----
	SKIP:
	{
		my @git = ('git', '-C', $tree, '-c', 'user.name=test', '-c', 'user.email=test');
		skip 'git is not there', 1 if system('git --version >/dev/null 2>&1') != 0;
		my ($status, undef, $error) = run_index(@into, '--graph', 'kept.pt_edge', '--since', 'HEAD', $tree);
		like("$status $error", qr/^1 .*is in no work tree of git/s, '--since where git knows nothing');
		foreach my $arguments ([ 'init', '-q' ], [ 'add', '.' ], [ 'commit', '-q', '-m', 'one' ])
		{
			system(@git, @$arguments) == 0 or die;
		}
		($status, undef, $error) = run_index(@into, '--graph', 'kept.pt_edge', '--since', 'nothing', $tree);
		like("$status $error", qr/^1 .*has no commit "nothing"/s, '--since what is no commit');
		python_file('pkg1/mod.py', 'other1');
		python_file('new/na me.py', 'added');
		unlink "$tree/pkg2/mod.py" or die;
		rename "$tree/pkg3", "$tree/renamed" or die;
		system(@git, 'add', 'renamed') == 0 or die;
		write_file("$tree/pkg4/mod.py", "\0");
		system('touch', '-d', 'yesterday', "$tree/pkg5/mod.py");
		$said = indexed('kept', '--since', 'HEAD', $tree);
		like($said, qr/3 files, .*0 files unchanged, 3 removed/s, '--since reads what git knows to have changed');
		is_as_afresh('kept', 'which is all of it');
		is(value("SELECT string_agg(file_path || ' ' || reason, ',') FROM kept.pt_left_out WHERE language = 'python' AND reason <> 'syntax'"), 'pkg4/mod.py binary', 'what is left out now is noted');
		$said = indexed('kept', '--since', 'HEAD', "$tree/pkg1", '--prefix', 'pkg1');
		like($said, qr/1 files unchanged, 0 removed/, 'of a folder of the work tree');
		python_file('pkg4/mod.py', 'name4');
		indexed('kept', '--since', 'HEAD', $tree);
		is(value("SELECT count(*) FROM kept.pt_entity WHERE file_path = 'pkg4/mod.py'"), 0, 'what is as it was in that commit it does not read');
		# work trees within, and .gitignore: git says of folders that something is new there
		indexed('kept', '--update', $tree);
		foreach my $within (qw(module nested))
		{
			my @there = ('git', '-C', "$tree/$within", '-c', 'user.name=test', '-c', 'user.email=test');
			write_file("$tree/$within/w.py", "def ${within}_one(): pass\n");
			system(@there, @$_) == 0 or die foreach [ 'init', '-q' ], [ 'add', '.' ], [ 'commit', '-q', '-m', 'one' ];
		}
		system("@git add module 2>/dev/null && @git commit -q -m two") == 0 or die;
		indexed('kept', '--since', 'HEAD~1', $tree);
		is_as_afresh('kept', 'a submodule and a work tree that git does not follow');
		write_file("$tree/$_/w.py", "def ${_}_two(): pass\n") foreach qw(module nested);
		write_file("$tree/.gitignore", "pkg2\n");
		indexed('kept', '--since', 'HEAD', $tree);
		is_as_afresh('kept', 'both change, and .gitignore comes');
		system("@git add .gitignore && @git commit -q -m three") == 0 or die;
		unlink "$tree/.gitignore" or die;
		system('rm', '-rf', "$tree/module") == 0 or die;
		indexed('kept', '--since', 'HEAD', $tree);
		is_as_afresh('kept', 'and they go');
		system('rm', '-rf', "$tree/nested") == 0 or die;
	}

	# ---- --watch ----
	my $err_text = '';
	$watch = start_index(@into, '--graph', 'kept.pt_edge', '--watch', $tree, \$err_text);

	my $has = sub {
		my ($query, $name) = @_;
		local $Test::Builder::Level = $Test::Builder::Level + 1;
		my $until = time() + 180;
		while (value("SELECT ($query) IS TRUE") ne 't' && time() < $until) { sleep 0.05; $watch->pump_nb if $watch->pumpable; }
		cmp_ok(time(), '<', $until, $name) or diag $err_text;
	};
	my $said_within = sub {
		my $pattern = shift;
		my $until = time() + 180;
		while ($err_text !~ $pattern && time() < $until) { $watch->pump_nb if $watch->pumpable; sleep 0.02; }
		like($err_text, $pattern, "it says $pattern");
	};
	my $defines = sub { return "SELECT count(*) > 0 FROM kept.pt_entity WHERE name = '$_[0]'"; };

	$said_within->(qr/watching/);
	python_file('pkg1/mod.py', 'watched');
	$has->($defines->('watched_1'), 'a file is saved');
	write_file("$tree/pkg1/.mod.py.swp", 'x');
	write_file("$tree/pkg1/mod.py~", "def third(): pass\n");
	rename "$tree/pkg1/mod.py~", "$tree/pkg1/mod.py" or die;
	$has->($defines->('third'), 'and by way of another file');
	write_file("$tree/deep/er/still/new.py", "from pkg1.mod import third\n\ndef in_depths():\n    third()\n");
	$has->($defines->('in_depths'), 'in a folder that is new');
	$has->(q{SELECT count(*) > 0 FROM kept.pt_edge WHERE to_key LIKE '%:third:%' AND edge_type = 'Calls (resolved)'}, 'and is resolved');
	rename "$tree/deep/er", "$tree/deep/red" or die;
	$has->(q{SELECT count(*) FILTER (WHERE file_path LIKE 'deep/red/%') > 0 AND count(*) FILTER (WHERE file_path LIKE 'deep/er/%') = 0 FROM kept.pt_entity}, 'a folder is renamed');
	write_file("$tree/deep/red/still/new.py", "def in_red():\n    third()\n");
	$has->($defines->('in_red'), 'and followed under its new name');
	python_file("many/f$_.py", "many$_") foreach 1 .. 60;
	$has->(q{SELECT count(DISTINCT file_path) = 60 FROM kept.pt_entity WHERE file_path LIKE 'many/%'}, 'many files at once');
	system('rm', '-r', "$tree/many") == 0 or die;
	$has->(q{SELECT count(*) = 0 FROM kept.pt_entity WHERE file_path LIKE 'many/%'}, 'go with their folder');
	write_file("$scratch/linked.py", "def linked(): pass\n");
	link "$scratch/linked.py", "$tree/linked.py" or die;
	$has->($defines->('linked'), 'a link, which nobody writes to');
	write_file("$tree/.gitignore", "pkg6\n");
	$has->(q{SELECT count(*) = 0 FROM kept.pt_entity WHERE file_path LIKE 'pkg6/%'}, 'what .gitignore names now goes');
	unlink "$tree/.gitignore" or die;
	$has->(q{SELECT count(*) > 0 FROM kept.pt_entity WHERE file_path LIKE 'pkg6/%'}, 'and comes back');
	value("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pt-index'");
	write_file("$tree/pkg1/mod.py", "def reconnected(): pass\n");
	$has->($defines->('reconnected'), 'a connection that is lost is made again');
	$said_within->(qr/connecting again/);
	$watch->signal('TERM');
	$watch->finish;
	is($watch->result(0), 0, 'it stops when it is told to');
	is_as_afresh('kept', 'and all of it is there');
	is(value("SELECT differences('kept.pt_edge', 25, true, 'watched')"), 0, 'resolved as all of it would be');
	write_file("$scratch/brief/a.py", "def brief(): pass\n");
	$err_text = '';
	$watch = start_index(@into, '--graph', 'kept.pt_edge', '--prefix', 'brief', '--watch', "$scratch/brief", \$err_text);
	$said_within->(qr/watching/);
	system('rm', '-r', "$scratch/brief") == 0 or die;
	$said_within->(qr/brief is gone/);
	$watch->finish;
	is($watch->result(0), 1, 'it ends with its tree');
	is(value("SELECT count(*) FROM kept.pt_entity WHERE file_path LIKE 'brief/%'"), 0, 'of which nothing is kept');
}

$node->stop;
done_testing();
