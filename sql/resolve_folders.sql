--
-- pt_resolve_references in Go, where the files of a folder are a package, and in C++, where
-- types are declared in one file and their members defined in others: what each name means,
-- written down by hand, in whatever order the rows are.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_resolve_folders;
SET search_path = pt_resolve_folders, public;
SELECT pt_create_codebase('pt_folders');
SET parseltongue.graph = 'pt_folders.pt_edge';

-- Entities are "FILE SCOPE.NAME TYPE {PROPERTIES}", of the type file "FILE - file {PROPERTIES}"; the line is their number.
CREATE PROCEDURE given(language text, entities text) LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO pt_folders.pt_entity (key, name, entity_type, language, file_path, line_start, properties)
		SELECT format('%s:%s:%s:%s:%s-%s', language, w[3], replace(w[2], '-', 'file'), w[1], n, n), regexp_replace(w[2], '^.*\.', ''), w[3], language, w[1], n,
			jsonb_strip_nulls(jsonb_build_object('scope', substring(w[2] FROM '^(.*)\.[^.]*$'), 'qualified', CASE w[3] WHEN 'file' THEN true END)) || coalesce(w[4], '{}')::jsonb
		FROM regexp_split_to_table(btrim(entities, E'\n\t '), E'\\s*\n\\s*') WITH ORDINALITY AS e (line, n), regexp_match(line, '^(\S+) (\S+) (\S+) ?(.*)?$') AS m, LATERAL (SELECT ARRAY[m[1], m[2], m[3], nullif(m[4], '')]) AS v (w);
END $$;
-- What "FILE SCOPE.NAME" calls, and what that means: lines with the method, and "confidence" where it is shared; nothing where nothing is guessed.
CREATE TABLE meant (number serial, source text, name text, target text);
CREATE PROCEDURE means(language text, source text, refs text) LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO meant (source, name, target) SELECT (SELECT key FROM pt_folders.pt_entity e WHERE file_path = split_part(source, ' ', 1) AND key LIKE format('%%:%s:%%', split_part(source, ' ', 2)) ORDER BY line_start LIMIT 1),
		format('%s:fn:%s:unresolved-reference:0-0', language, split_part(r, ' > ', 1)), nullif(split_part(r, ' > ', 2), '') FROM regexp_split_to_table(btrim(refs, E'\n\t '), E'\\s*\n\\s*') r;
END $$;
CREATE VIEW found AS
	SELECT m.number, m.name, m.target AS meant, (SELECT string_agg(format('%s %s %s', e2.line_start, e.method, e.confidence), ', ' ORDER BY e2.line_start)
		FROM pt_folders.pt_edge e JOIN pt_folders.pt_entity e2 ON e2.key = e.to_key
		WHERE e.from_key = m.source AND e.reference_key = m.name AND e.edge_type = 'Calls ' || m.number || ' (resolved)' AND e.method <> 'other') AS found FROM meant m;

CALL given('go', $$
	server/main.go - file {"opens": "example.com/app/server example.com/app/all", "fields": {"shared": "NewStore()", "made": "example.com/app/store::Open()"}}
	server/main.go Server struct {"fields": {"store": "example.com/app/store::Store", "items": "Item[]", "lists": "Items[]", "conn": "net::Conn", "hook": "Hook"}}
	server/main.go Server.Run method
	server/main.go local.helper struct
	server/main.go run function
	server/item.go - file {"opens": "example.com/app/server"}
	server/item.go Item struct {"fields": {"next": "Item"}}
	server/item.go Items typedef {"fields": {"[]": "Item"}}
	server/item.go Hook typedef
	server/item.go Item.Do method {"returns": "Items"}
	server/item.go Items.Len method
	server/item.go Server.Stop method
	server/item.go NewStore function {"returns": "example.com/app/store::Store"}
	server/stop_linux.go - file {"opens": "example.com/app/server"}
	server/stop_linux.go stop function
	server/stop_windows.go - file {"opens": "example.com/app/server"}
	server/stop_windows.go stop function
	server/stop_windows.go here function
	server/run_test.go - file {"opens": "example.com/app/server_test"}
	server/run_test.go run function
	server/run_test.go TestRun function
	store/store.go - file {"opens": "example.com/app/store", "fields": {"Default": "Store"}}
	store/store.go Store struct
	store/store.go Base struct
	store/store.go Reader interface
	store/store.go Store.Get method {"returns": "Reader"}
	store/store.go Base.Close method
	store/store.go Reader.Read method {"returns": "error"}
	store/store.go Open function {"returns": "Store"}
	store/store.go Store.All method {"returns": "Reader[]"}
	all/all.go - file {"opens": "example.com/app/all"}
	all/all.go Must function
	old/store/store.go - file {"opens": "example.com/app/store"}
	old/store/store.go Store struct
	old/store/store.go Store.Put method
	old/store/store.go Gone function
	plain/lib/lib.go - file {"opens": "./plain/lib"}
	plain/lib/lib.go Find function
	plain/errors/errors.go - file {"opens": "./plain/errors"}
	plain/errors/errors.go New function
	other/other.go Lost.Get method
$$);
INSERT INTO pt_folders.pt_edge (from_key, to_key, edge_type) SELECT key, format('go:type:%s:unresolved-reference:0-0', base), 'Extends'
	FROM pt_folders.pt_entity, (VALUES ('store/store.go', 'Store', 'Base'), ('server/main.go', 'Server', 'Item'), ('server/item.go', 'Items', 'net::Lost')) AS b (f, n, base)
	WHERE file_path = f AND name = n;
CALL means('go', 'server/main.go Server.Run', $$
	run > 5 scope 0.99
	Server > 2 scope 0.99
	Server.Stop > 12 member 0.99
	Server.Run > 3 member 0.99
	Server.Do > 10 inherited 0.98
	Server.next.Do > 10 member 0.99
	Server.store.Get > 26 member 0.99
	Server.store.Close > 27 inherited 0.98
	Server.store.Get().Read > 28 member 0.99
	Server.store.Get().Read().Error
	Server.store.All().[].Read > 28 member 0.99
	Server.store.Put
	Server.items.[].Do > 10 member 0.99
	Server.items.[].Do().[].Do > 10 member 0.99
	Server.lists.[].Len > 11 member 0.99
	Server.lists.[].[].Do > 10 member 0.99
	Server.lists.[].Gone
	Server.conn.Close
	Server.hook
	shared.Get > 26 member 0.99
	made.Get > 26 member 0.99
	stop > 15 scope 0.99, 17 scope 0.99
	Must > 32 module 0.99
	example.com/app/store::Open > 29 module 0.99
	example.com/app/store::Open().Get > 26 member 0.99
	example.com/app/store::Default.Get > 26 member 0.99
	example.com/app/store::Store.Close > 27 inherited 0.98
	example.com/app/store::Gone > 36 module 0.99
	example.com/app/store::Lost
	example.com/app/server::run > 5 module 0.99
	example.com/app/server_test::TestRun > 21 module 0.99
	github.com/any/plain/lib::Find > 38 module 0.99
	errors::New
	github.com/any/errors::New
	max
	unknown.Stop > 12 folder 0.09
	?.Len > 11 folder 0.09
	error.Error
	helper
$$);
CALL means('go', 'server/stop_windows.go here', $$
	stop > 17 scope 0.99
	Must
$$);
CALL means('go', 'server/run_test.go TestRun', $$
	run > 20 scope 0.99
	TestRun > 21 scope 0.99
	NewStore
	example.com/app/server::NewStore().Get > 26 member 0.99
$$);
CALL means('go', 'old/store/store.go Gone', $$
	Store.Put > 35 member 0.99
	Store.Get
	example.com/app/store::Store > 34 module 0.99
	example.com/app/store::Open > 29 module 0.99
$$);
-- C++: entities are "SCOPE.NAME", with :: within the scope
CALL given('cpp', $$
	inc/job.h - file
	inc/job.h app.Job class {"fields": {"queue": "app::Queue", "items": "Item[]", "text": "std::string"}}
	inc/job.h app::Job.Run method {"arity": "0", "returns": "Item"}
	inc/job.h app.Queue class
	inc/job.h app.Items typedef {"returns": "Item[]"}
	inc/job.h app.Texts typedef {"returns": "std::set"}
	inc/item.h - file
	inc/item.h app.Item struct
	inc/item.h app::Item.Size method {"arity": "0"}
	inc/item.h app::Item.Size method {"arity": "1"}
	inc/item.h other.Item struct
	inc/item.h other::Item.Other method {"arity": "0"}
	src/job.cc - file
	src/job.cc app::Job.Job method {"arity": "1"}
	src/job.cc app::Job.Stop method {"arity": "0"}
	src/job.cc app::Job.Help method {"arity": "1"}
	src/posix/queue.cc - file
	src/posix/queue.cc app::Queue.Push method {"arity": "1"}
	src/windows/queue.cc - file
	src/windows/queue.cc app::Queue.Push method {"arity": "1"}
	src/windows/queue.cc app.start function {"arity": "0"}
	src/main.cc - file
	src/main.cc main function {"arity": "0"}
	src/main.cc Base.Base method {"arity": "0"}
	src/main.cc Base.Both method {"arity": "0"}
	src/main.cc Base.Both method {"arity": "0"}
	src/main.cc Base class
$$);
INSERT INTO pt_folders.pt_edge (from_key, to_key, edge_type) SELECT key, 'cpp:type:Base:unresolved-reference:0-0', 'Extends' FROM pt_folders.pt_entity WHERE file_path = 'inc/job.h' AND name = 'Job';
CALL means('cpp', 'src/job.cc app::Job.Stop', $$
	Run(0) > 3 member 0.99
	Help(1) > 16 member 0.99
	Both(0) > 25 inherited 0.48, 26 inherited 0.48
	app::Job::queue.Push(1) > 18 member 0.99, 20 member 0.99
	Job::Run().Size(0) > 9 member 0.48, 10 member 0.48
	app::Job::Run().Size(1) > 10 member 0.99
	Job::items.[].Size(0) > 9 member 0.48, 10 member 0.48
	Job::items.front().Size(1) > 10 member 0.99
	Items.[].Size(1) > 10 member 0.99
	Items.Size(1) > 10 member 0.99
	Texts.Size(0) > 9 nearest 0.01, 10 nearest 0.01
	app::Job::text.Size(0) > 9 nearest 0.01, 10 nearest 0.01
	std::string::Size(0)
	app::Item::Gone(0)
	other::Item::Other(0) > 12 member 0.99
	Job(1) > 14 member 0.99
	app::Job(1) > 14 member 0.99
	Queue(0) > 4 scope 0.99
	?.Push(1) > 18 nearest 0.01, 20 nearest 0.01
$$);
CALL means('cpp', 'src/windows/queue.cc app.start', $$
	Queue::Push(1) > 20 member 0.99
$$);
INSERT INTO pt_folders.pt_edge (from_key, to_key, edge_type) SELECT source, name, 'Calls ' || number FROM meant;
SELECT count(*) FROM pt_resolve_references();
SELECT * FROM found WHERE found IS DISTINCT FROM meant ORDER BY number;
SELECT count(*) FROM found WHERE found IS NOT NULL;

-- the order in which rows are read decides nothing
CREATE TABLE before AS SELECT * FROM found;
SELECT setseed(0.5);
CREATE TABLE shuffled AS SELECT * FROM pt_folders.pt_entity ORDER BY random();
SELECT pt_forget_resolutions() > 0;
DELETE FROM pt_folders.pt_entity;
INSERT INTO pt_folders.pt_entity SELECT * FROM shuffled;
SELECT count(*) FROM pt_resolve_references();
SELECT * FROM found EXCEPT SELECT * FROM before;

DROP SCHEMA pt_resolve_folders CASCADE;
SELECT pt_drop_codebase('pt_folders');
