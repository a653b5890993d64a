--
-- pt_resolve_references in Java, where types are in packages and members say theirs, and
-- in C, where a program has one function of a name: what each name means, written down by hand.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_resolve_typed;
SET search_path = pt_resolve_typed, public;
SELECT pt_create_codebase('pt_typed');
SET parseltongue.graph = 'pt_typed.pt_edge';

-- Entities are "FILE SCOPE.NAME TYPE {PROPERTIES}", of the type file "FILE - file {PROPERTIES}"; the line is their number.
CREATE PROCEDURE given(language text, entities text) LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO pt_typed.pt_entity (key, name, entity_type, language, file_path, line_start, properties)
		SELECT format('%s:%s:%s:%s:%s-%s', language, w[3], replace(w[2], '-', 'file'), w[1], n, n), regexp_replace(w[2], '^.*\.', ''), w[3], language, w[1], n,
			jsonb_strip_nulls(jsonb_build_object('scope', substring(w[2] FROM '^(.*)\.[^.]*$'), 'qualified', CASE w[3] WHEN 'file' THEN true END)) || coalesce(w[4], '{}')::jsonb
		FROM regexp_split_to_table(btrim(entities, E'\n\t '), E'\\s*\n\\s*') WITH ORDINALITY AS e (line, n), regexp_match(line, '^(\S+) (\S+) (\S+) ?(.*)?$') AS m, LATERAL (SELECT ARRAY[m[1], m[2], m[3], nullif(m[4], '')]) AS v (w);
END $$;
-- What "FILE SCOPE.NAME" calls, and what that means: lines with the method, and "confidence" where it is shared; nothing where nothing is guessed.
CREATE TABLE meant (number serial, source text, name text, target text);
CREATE PROCEDURE means(language text, source text, refs text) LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO meant (source, name, target) SELECT (SELECT key FROM pt_typed.pt_entity e WHERE file_path = split_part(source, ' ', 1) AND key LIKE format('%%:%s:%%', split_part(source, ' ', 2)) ORDER BY line_start LIMIT 1),
		format('%s:fn:%s:unresolved-reference:0-0', language, split_part(r, ' > ', 1)), nullif(split_part(r, ' > ', 2), '') FROM regexp_split_to_table(btrim(refs, E'\n\t '), E'\\s*\n\\s*') r;
END $$;
CREATE VIEW found AS
	SELECT m.number, m.name, m.target AS meant, (SELECT string_agg(format('%s %s %s', e2.line_start, e.method, e.confidence), ', ' ORDER BY e2.line_start)
		FROM pt_typed.pt_edge e JOIN pt_typed.pt_entity e2 ON e2.key = e.to_key
		WHERE e.from_key = m.source AND e.reference_key = m.name AND e.edge_type = 'Calls ' || m.number || ' (resolved)' AND e.method <> 'other') AS found FROM meant m;

-- Java: two packages of shop, another tree with one of the same name, and tests beside them
CALL given('java', $$
	src/shop/Order.java - file {"opens": "shop shop.model shop.util::Math"}
	src/shop/Order.java Order class {"fields": {"price": "shop.model::Price", "stock": "Stock"}}
	src/shop/Order.java Order.Order method {"arity": "1", "parameters": "shop.model::Price"}
	src/shop/Order.java Order.Order method {"arity": "1", "parameters": "String"}
	src/shop/Order.java Order.price method {"arity": "0", "returns": "shop.model::Price"}
	src/shop/Order.java Order.total method {"arity": "0"}
	src/shop/Base.java - file {"opens": "shop"}
	src/shop/Base.java Base class {"fields": {"log": "shop.util::Log"}}
	src/shop/Base.java Base.check method {"arity": "1", "parameters": "Object"}
	src/shop/Base.java Stock class
	src/shop/Base.java Stock.take method {"arity": "2", "parameters": "Base,int"}
	src/shop/Base.java Stock.take method {"arity": "2", "parameters": "Object,Object"}
	src/shop/Base.java Stock.take method {"arity": "1-", "parameters": "String,Object..."}
	src/shop/model/Price.java - file {"opens": "shop.model"}
	src/shop/model/Price.java Price class
	src/shop/model/Price.java Price.add method {"arity": "1", "parameters": "int", "returns": "Price"}
	src/shop/model/Price.java Price.add method {"arity": "1", "parameters": "long", "returns": "Price"}
	src/shop/model/Price.java Price.add method {"arity": "1", "parameters": "CharSequence", "returns": "Price"}
	src/shop/model/Price.java Price.add method {"arity": "1", "parameters": "Object", "returns": "Price"}
	src/shop/model/Price.java Price.add method {"arity": "1", "parameters": "int[]", "returns": "Price"}
	src/shop/model/Price.java Price.size method {"arity": "0", "returns": "int"}
	src/shop/util/Log.java - file {"opens": "shop.util"}
	src/shop/util/Log.java Log interface
	src/shop/util/Log.java Log.info method {"arity": "1", "parameters": "String"}
	src/shop/util/Math.java Math class
	src/shop/util/Math.java Math.round method {"arity": "1", "parameters": "double"}
	src/shop/util/Math.java Math.Mode enum
	old/shop/model/Price.java Price class
	old/shop/model/Price.java Price.add method {"arity": "1", "parameters": "int"}
	old/app/Stock.java Stock class
	old/app/Stock.java Stock.take method {"arity": "2", "parameters": "int,int"}
	test/shop/OrderTest.java - file {"opens": "shop"}
	test/shop/OrderTest.java OrderTest class {"fields": {"order": "Order"}}
	test/shop/OrderTest.java OrderTest.runs method {"arity": "0"}
	src/shop/Special.java - file {"opens": "shop"}
	src/shop/Special.java Special class
	src/shop/Special.java Special.check method {"arity": "1", "parameters": "int"}
	src/shop/Special.java Special.check method {"arity": "2", "parameters": "int,int"}
	src/shop/Special.java Special.run method {"arity": "0"}
	src/shop/Base.java Base.check method {"arity": "1", "parameters": "String"}
	src/shop/Base.java Base.check method {"arity": "1", "parameters": "int"}
	old/app/Special.java Special class
	old/app/Special.java Special.Inner class
$$);
INSERT INTO pt_typed.pt_edge (from_key, to_key, edge_type, source_location) VALUES
	('java:class:Special:src/shop/Special.java:36-36', 'java:type:Base:unresolved-reference:0-0', 'Extends', 'src/shop/Special.java:36'),
	('java:class:Order:src/shop/Order.java:2-2', 'java:type:Base:unresolved-reference:0-0', 'Extends', 'src/shop/Order.java:2'),
	('java:class:Order:src/shop/Order.java:2-2', 'java:type:shop.util::Log:unresolved-reference:0-0', 'Implements', 'src/shop/Order.java:2');
CALL means('java', 'src/shop/Order.java Order.total', $$
	total(0) > 6 member 0.99
	check(int) > 41 inherited 0.98
	info(1) > 24 inherited 0.98
	hashCode(0)
	round(1) > 26 module 0.99
	Order(shop.model::Price) > 3 member 0.99
	Order(String) > 4 member 0.99
	Order(?) > 2 member 0.99
	Stock(0) > 10 module 0.99
	Mode(0) > 27 module 0.99
	Price(0) > 15 module 0.99
	shop.model::Price.add(int) > 16 member 0.99
	shop.model::Price.add(char) > 16 member 0.99
	shop.model::Price.add(long) > 17 member 0.99
	shop.model::Price.add(String) > 18 member 0.99
	shop.model::Price.add(java.util::List) > 19 member 0.99
	shop.model::Price.add(Integer) > 19 member 0.99
	shop.model::Price.add(int[]) > 20 member 0.99
	shop.model::Price.add(shop.model::Price.size()) > 16 member 0.99
	shop.model::Price.add(1) > 16 member 0.19, 17 member 0.19, 18 member 0.19, 19 member 0.19, 20 member 0.19
	shop.model::Price.add().add(long) > 17 member 0.99
	shop.model::Price.gone(1)
	shop.model::Prices.add(1)
	java.util::List.add(int)
	Order.price.add(int) > 16 member 0.99
	price().add(int) > 16 member 0.99
	price(0) > 5 member 0.99
	Order.log.info(String) > 24 member 0.99
	Stock.take(Order,int) > 11 member 0.99
	Stock.take(String,int) > 12 member 0.99
	Stock.take(String) > 13 member 0.99
	Stock.take(?,&) > 11 member 0.32, 12 member 0.32, 13 member 0.32
	String.length(0)
	?.total(0) > 6 self 0.01
$$);
CALL means('java', 'test/shop/OrderTest.java OrderTest.runs', $$
	Order(String) > 4 module 0.99
	OrderTest.order.total(0) > 6 member 0.99
	Price(0)
$$);
-- overloads of a base that the type has not, but none that it overrides; all of a type is in its file
CALL means('java', 'src/shop/Special.java Special.run', $$
	check(int) > 37 member 0.99
	check(String) > 40 member 0.99
	check(java.util::List) > 9 member 0.99
	check(Long.MAX_VALUE) > 9 member 0.99
	check(Byte.MIN_VALUE) > 37 member 0.99
	check(1) > 37 member 0.99
	check(int,int) > 38 member 0.99
	check(String,String) > 38 member 0.99
	Special.super.check(int) > 41 inherited 0.98
	Inner(0)
$$);

-- C: what is behind an #if, for platforms, of other programs, and what a file includes
CALL given('c', $$
	lib/unix/io.c - file
	lib/unix/io.c io_open function
	lib/unix/io.c io_open function
	lib/unix/io.c io_local function
	lib/unix/linux.c io_wait function
	lib/unix/darwin.c io_wait function
	lib/unix/darwin.c io_kick function
	lib/unix/epoll.c - file
	lib/unix/epoll.c start function
	lib/win/io.c io_open function
	lib/win/io.c io_wait function
	lib/win/io.c io_kick function
	lib/core.c - file
	lib/core.c run function
	lib/list.h list_add function
	old/list.h list_add function
	lib/deep/tree.h tree_add function
	lib/deep/tree.c tree_add function
	lib/part.c part_get function {"linkage": "static"}
	old/part.c part_get function {"linkage": "static"}
	lib/one.h COMMON macro
	lib/one.c LOCAL macro
	lib/one.h close macro
	lib/list.h write function
$$);
INSERT INTO pt_typed.pt_edge (from_key, to_key, edge_type) SELECT 'c:file:file:lib/core.c:13-13', format('c:module:%s:0-0', i), 'Uses' FROM unnest('{list.h,../lib/part.c,deep/tree.h}'::text[]) AS i;
CALL means('c', 'lib/core.c run', $$
	io_open > 2 nearest 0.95, 3 nearest 0.95, 10 nearest 0.95
	io_wait > 5 nearest 0.95, 6 nearest 0.95, 11 nearest 0.95
	list_add > 15 import 0.98
	tree_add > 17 import 0.98
	part_get > 19 import 0.98
	COMMON > 21 import 0.98
	LOCAL
	close > 23 import 0.03
	write > 24 import 0.90
$$);
CALL means('c', 'lib/unix/epoll.c start', $$
	io_open > 2 folder 0.98, 3 folder 0.98
	io_wait > 5 folder 0.98, 6 folder 0.98
	list_add > 15 nearest 0.95
	tree_add > 17 nearest 0.95, 18 nearest 0.95
$$);
CALL means('c', 'lib/unix/darwin.c io_kick', $$
	io_wait > 6 file 0.95
	io_open > 2 folder 0.98, 3 folder 0.98
$$);
INSERT INTO pt_typed.pt_edge (from_key, to_key, edge_type) SELECT source, name, 'Calls ' || number FROM meant;
SELECT count(*) FROM pt_resolve_references();
SELECT * FROM found WHERE found IS DISTINCT FROM meant ORDER BY number;
SELECT count(*) FROM found WHERE found IS NOT NULL;

DROP SCHEMA pt_resolve_typed CASCADE;
SELECT pt_drop_codebase('pt_typed');
