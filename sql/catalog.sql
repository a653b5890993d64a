--
-- What the extension puts into the catalogs.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
SET search_path = public;

-- every function: volatility, strictness, parallel safety, cost, rows, who may call it
SELECT p.oid::regprocedure AS function, pg_get_function_result(p.oid) AS result
FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid
WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'parseltongue')
	AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
ORDER BY p.proname COLLATE "C", p.oid::regprocedure::text COLLATE "C";
SELECT p.proname AS function, p.provolatile AS vol, p.proisstrict AS strict, p.proparallel AS par, p.procost AS cost, p.prorows AS rows,
	   p.prosecdef AS definer, p.proacl IS NULL AS everyone, p.proretset AS set, p.proconfig AS config, l.lanname AS language, count(*)
FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid JOIN pg_language l ON l.oid = p.prolang
WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'parseltongue')
	AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
ORDER BY p.proname COLLATE "C", cost, rows;
-- names and defaults of arguments
SELECT p.proname AS function, pg_get_function_arguments(p.oid) AS arguments
FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid
WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'parseltongue')
	AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e' AND (p.proname <> 'pt_bfs' OR p.proargtypes[1] = 'bigint'::regtype)
ORDER BY p.proname COLLATE "C", pg_get_function_arguments(p.oid) COLLATE "C";

-- everything it owns; from 17 on the tables' row types count as its own
SELECT (pg_identify_object(classid, objid, objsubid)).type, count(*)
FROM pg_depend
WHERE refclassid = 'pg_extension'::regclass AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'parseltongue') AND deptype = 'e'
	AND NOT EXISTS (SELECT FROM pg_type t LEFT JOIN pg_type e ON e.oid = t.typelem WHERE classid = 'pg_type'::regclass AND t.oid = objid AND (t.typrelid <> 0 OR e.typrelid <> 0))
GROUP BY 1 ORDER BY 1;
-- nothing without a comment, but what cannot be seen
SELECT pg_describe_object(classid, objid, objsubid) AS uncommented
FROM pg_depend
WHERE refclassid = 'pg_extension'::regclass AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'parseltongue') AND deptype = 'e'
	AND obj_description(objid, classid::regclass::name) IS NULL
	AND (pg_identify_object(classid, objid, objsubid)).type IN ('function', 'table', 'access method', 'view', 'procedure', 'type', 'operator')
	AND NOT EXISTS (SELECT FROM pg_type WHERE pg_type.oid = objid AND (typelem <> 0 OR typrelid <> 0))
ORDER BY 1;
SELECT obj_description(oid, 'pg_extension') IS NOT NULL AS commented, extrelocatable, extversion = (SELECT default_version FROM pg_available_extensions WHERE name = 'parseltongue') AS default_version
FROM pg_extension WHERE extname = 'parseltongue';

-- the tables, their constraints and indexes, and that pg_dump carries their data
SELECT c.relname, c.relkind, c.relpersistence, NOT EXISTS (SELECT FROM aclexplode(c.relacl) a WHERE a.grantee <> c.relowner) AS owner_only, c.oid = ANY (e.extconfig) AS dumped
FROM pg_class c JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e' JOIN pg_extension e ON e.oid = d.refobjid AND d.refclassid = 'pg_extension'::regclass
WHERE e.extname = 'parseltongue' ORDER BY c.relname;
SELECT attrelid::regclass AS "table", attname AS column, format_type(atttypid, atttypmod) AS type, attnotnull AS not_null, pg_get_expr(adbin, adrelid) AS "default"
FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE attrelid IN ('pt_entity'::regclass, 'pt_edge'::regclass, 'pt_import_rejection'::regclass, 'pt_left_out'::regclass, 'pt_pending'::regclass) AND attnum > 0 ORDER BY attrelid::regclass::text, attnum;
SELECT conrelid::regclass AS "table", contype, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid IN ('pt_entity'::regclass, 'pt_edge'::regclass, 'pt_import_rejection'::regclass, 'pt_left_out'::regclass, 'pt_pending'::regclass) AND contype <> 'n' ORDER BY 1, 2, 3;
SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid IN ('pt_entity'::regclass, 'pt_edge'::regclass, 'pt_import_rejection'::regclass, 'pt_left_out'::regclass, 'pt_pending'::regclass) ORDER BY 1;

-- operator classes
SELECT opcname, opcintype::regtype, opcdefault, (SELECT count(*) FROM pg_amop WHERE amopfamily = opcfamily) AS operators, (SELECT count(*) FROM pg_amproc WHERE amprocfamily = opcfamily) AS functions
FROM pg_opclass WHERE opcmethod = (SELECT oid FROM pg_am WHERE amname = 'adjacency') ORDER BY opcname;
SELECT opcname FROM pg_opclass WHERE opcmethod = (SELECT oid FROM pg_am WHERE amname = 'adjacency') AND NOT amvalidate(oid) ORDER BY 1;

-- who calls what a worker must not is none for workers either, as far as the texts tell
WITH own AS (
	SELECT p.oid, p.oid::regprocedure AS name, proname, prosrc, proparallel, strpos('sru', proparallel::text) AS unsafe
	FROM pg_proc AS p JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
		JOIN pg_extension AS e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid AND e.extname = 'parseltongue'
), called AS (
	SELECT o.oid, c.oid AS callee FROM own AS o, regexp_matches(o.prosrc, '\m\w+\.(pt_\w+)\(', 'g') AS m JOIN own AS c ON c.proname = m[1]
	UNION
	SELECT o.oid, c.oid FROM own AS o JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = o.oid AND d.refclassid = 'pg_proc'::regclass
		JOIN own AS c ON c.oid = d.refobjid
)
SELECT o.name, o.proparallel, c.proname AS calls FROM called JOIN own AS o USING (oid) JOIN own AS c ON c.oid = callee
GROUP BY o.name, o.proparallel, o.unsafe, c.proname HAVING min(c.unsafe) > o.unsafe ORDER BY o.name::text COLLATE "C", c.proname COLLATE "C";

-- settings, once the library is loaded
LOAD 'parseltongue';
SELECT name, vartype, context, unit, boot_val, short_desc FROM pg_settings WHERE name LIKE 'parseltongue.%' ORDER BY name;

-- a schema of one's own, and away again
CREATE SCHEMA pt_catalog_other;
DROP EXTENSION parseltongue;
CREATE EXTENSION parseltongue SCHEMA pt_catalog_other;
SET search_path = pg_catalog;
SELECT pt_catalog_other.pt_insert_entity('pt:k', 'function'), pt_catalog_other.pt_insert_edge('pt:k', 'pt:l');
SELECT * FROM pt_catalog_other.pt_blast_radius('pt:l');
SELECT index FROM pt_catalog_other.pt_graph_status();
SELECT pt_catalog_other.pt_delete_entity('pt:k', true);
CREATE TABLE pt_catalog_other.own (a integer, b integer);
CREATE INDEX own_adjacency ON pt_catalog_other.own USING adjacency (a, b);
INSERT INTO pt_catalog_other.own VALUES (1, 2);
SELECT * FROM pt_catalog_other.pt_bfs('pt_catalog_other.own', 1) ORDER BY distance;
\set VERBOSITY sqlstate
ALTER EXTENSION parseltongue SET SCHEMA public;
DROP EXTENSION parseltongue;
\set VERBOSITY default
DROP EXTENSION parseltongue CASCADE;
SELECT count(*) FROM pg_class WHERE relname = 'own_adjacency';
DROP SCHEMA pt_catalog_other CASCADE;
RESET search_path;
CREATE EXTENSION parseltongue;
