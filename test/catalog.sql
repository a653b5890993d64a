-- What the catalogs say of the extension, in lines of text, to compare two
-- databases: an upgraded one with a new one. Nothing in it depends on OIDs, on
-- the order in which things were made, or on when.
SET search_path = pg_catalog;
WITH extension AS (
	SELECT * FROM pg_extension WHERE extname = 'parseltongue'
), member AS MATERIALIZED (
	SELECT d.classid, d.objid, d.objsubid, format('%s %s', i.type, i.identity) AS name
	FROM extension AS x JOIN pg_depend AS d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = x.oid AND d.deptype = 'e',
		pg_identify_object(d.classid, d.objid, d.objsubid) AS i
), relation AS MATERIALIZED (
	-- tables and sequences, and composite types
	SELECT m.name, c.* FROM member AS m JOIN pg_class AS c ON m.classid = 'pg_class'::regclass AND c.oid = m.objid
	UNION ALL
	SELECT m.name, c.* FROM member AS m JOIN pg_type AS t ON m.classid = 'pg_type'::regclass AND t.oid = m.objid JOIN pg_class AS c ON c.oid = t.typrelid AND c.relkind = 'c'
), line (name, part, place, line) AS (
	SELECT 'extension', 'itself', 0, format('version %s, schema %s, relocatable %s: %s', extversion, extnamespace::regnamespace, extrelocatable, obj_description(oid, 'pg_extension'))
	FROM extension
	UNION ALL
	SELECT 'extension', 'dumped', 0, format('%s where %s', t.oid::regclass, t.condition)
	FROM extension, unnest(extconfig, extcondition) AS t (oid, condition)
	UNION ALL
	-- a member, whatever it is
	SELECT name, 'itself', 0, format('comment: %s', obj_description(objid, classid::regclass::name)) FROM member
	UNION ALL
	SELECT name, 'initial rights', p.objsubid, format('%s', p.initprivs) FROM member AS m JOIN pg_init_privs AS p ON (p.classoid, p.objoid) = (m.classid, m.objid)
	UNION ALL
	SELECT name, 'needs', 0, format('%s %s', d.deptype, pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid))
	FROM member AS m JOIN pg_depend AS d USING (classid, objid) WHERE d.deptype <> 'e'
	UNION ALL
	SELECT name, 'itself', 0, 'is of a kind that test/catalog.sql does not describe'
	FROM member WHERE classid NOT IN ('pg_proc'::regclass, 'pg_class'::regclass, 'pg_type'::regclass, 'pg_am'::regclass, 'pg_opclass'::regclass, 'pg_opfamily'::regclass, 'pg_namespace'::regclass)
	UNION ALL
	-- functions, by the line; aggregates
	SELECT m.name, 'definition', l.n::integer, l.line
	FROM member AS m JOIN pg_proc AS p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid AND p.prokind <> 'a',
		LATERAL string_to_table(pg_get_functiondef(p.oid), E'\n') WITH ORDINALITY AS l (line, n)
	UNION ALL
	SELECT m.name, 'definition', 0, format('%s returns %s, %s, of %s ordered, start %s; moving: %s',
		pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), a.aggkind, a.aggnumdirectargs, a.agginitval,
		concat_ws(', ', a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn, a.aggfinalextra, a.aggfinalmodify, a.aggsortop, a.aggtranstype::regtype, a.aggtransspace,
			a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn, a.aggmfinalextra, a.aggmfinalmodify, a.aggmtranstype, a.aggmtransspace, a.aggminitval))
	FROM member AS m JOIN pg_proc AS p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid JOIN pg_aggregate AS a ON a.aggfnoid = p.oid
	UNION ALL
	SELECT m.name, 'manner', 0, format('%s, parallel %s, cost %s, rows %s, strict %s, %s, rights %s, owner %s', p.provolatile, p.proparallel, p.procost, p.prorows, p.proisstrict, p.prokind, p.proacl, p.proowner::regrole)
	FROM member AS m JOIN pg_proc AS p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid
	UNION ALL
	SELECT m.name, 'definition', 0, format('rights %s, owner %s', n.nspacl, n.nspowner::regrole)
	FROM member AS m JOIN pg_namespace AS n ON m.classid = 'pg_namespace'::regclass AND n.oid = m.objid
	UNION ALL
	SELECT m.name, 'definition', 0, format('%s, handler %s', a.amtype, a.amhandler)
	FROM member AS m JOIN pg_am AS a ON m.classid = 'pg_am'::regclass AND a.oid = m.objid
	UNION ALL
	SELECT m.name, 'definition', 0, format('for %s, stores %s, default %s, family %s, owner %s', o.opcintype::regtype, o.opckeytype::regtype, o.opcdefault, f.opfname, o.opcowner::regrole)
	FROM member AS m JOIN pg_opclass AS o ON m.classid = 'pg_opclass'::regclass AND o.oid = m.objid JOIN pg_opfamily AS f ON f.oid = o.opcfamily
	UNION ALL
	SELECT m.name, 'operator', 0, format('%s %s', o.amopstrategy, o.amopopr::regoperator)
	FROM member AS m JOIN pg_amop AS o ON m.classid = 'pg_opfamily'::regclass AND o.amopfamily = m.objid
	UNION ALL
	SELECT m.name, 'function', 0, format('%s %s', p.amprocnum, p.amproc::regprocedure)
	FROM member AS m JOIN pg_amproc AS p ON m.classid = 'pg_opfamily'::regclass AND p.amprocfamily = m.objid
	UNION ALL
	SELECT m.name, 'definition', 0, format('%s of %s, rights %s, owner %s, base %s, default %s', t.typtype, t.typcategory, t.typacl, t.typowner::regrole, t.typbasetype::regtype, t.typdefault)
	FROM member AS m JOIN pg_type AS t ON m.classid = 'pg_type'::regclass AND t.oid = m.objid
	UNION ALL
	SELECT m.name, 'label', e.enumsortorder::integer, e.enumlabel
	FROM member AS m JOIN pg_enum AS e ON m.classid = 'pg_type'::regclass AND e.enumtypid = m.objid
	UNION ALL
	-- relations
	SELECT name, 'definition', 0, format('%s, %s, options %s, row security %s %s, identity %s, rights %s, owner %s', relkind, relpersistence, reloptions, relrowsecurity, relforcerowsecurity, relreplident, relacl, relowner::regrole)
	FROM relation
	UNION ALL
	SELECT name, 'column', row_number() OVER (PARTITION BY name ORDER BY attnum)::integer,
		format('%s %s, not null %s, default %s, %s, %s, collation %s, storage %s %s, rights %s: %s', attname, format_type(atttypid, atttypmod), attnotnull,
			pg_get_expr(adbin, adrelid), attidentity, attgenerated, nullif(attcollation, 0)::regcollation, attstorage, attcompression, attacl, col_description(r.oid, attnum))
	FROM relation AS r JOIN pg_attribute ON attrelid = r.oid AND attnum > 0 AND NOT attisdropped LEFT JOIN pg_attrdef ON adrelid = r.oid AND adnum = attnum
	WHERE relkind <> 'S'
	UNION ALL
	SELECT name, 'constraint', 0, format('%s %s, validated %s: %s', conname, pg_get_constraintdef(c.oid), convalidated, obj_description(c.oid, 'pg_constraint'))
	FROM relation AS r JOIN pg_constraint AS c ON conrelid = r.oid
	UNION ALL
	SELECT name, 'index', 0, format('%s, valid %s, primary %s, clustered %s: %s', pg_get_indexdef(indexrelid), indisvalid, indisprimary, indisclustered, obj_description(indexrelid, 'pg_class'))
	FROM relation AS r JOIN pg_index ON indrelid = r.oid
	UNION ALL
	SELECT name, 'trigger', 0, format('%s, %s', pg_get_triggerdef(t.oid), tgenabled) FROM relation AS r JOIN pg_trigger AS t ON tgrelid = r.oid AND NOT tgisinternal
	UNION ALL
	SELECT name, 'rule', 0, pg_get_ruledef(w.oid) FROM relation AS r JOIN pg_rewrite AS w ON ev_class = r.oid
	UNION ALL
	SELECT name, 'policy', 0, format('%s %s', polname, pg_get_expr(polqual, polrelid)) FROM relation AS r JOIN pg_policy ON polrelid = r.oid
	UNION ALL
	SELECT name, 'sequence', 0, format('%s from %s by %s to %s and %s, cache %s, cycle %s', seqtypid::regtype, seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle)
	FROM relation AS r JOIN pg_sequence ON seqrelid = r.oid
)
SELECT concat_ws(', ', name, part, nullif(CASE part WHEN 'definition' THEN 0 ELSE place END, 0)) || ': ' || line
FROM line
ORDER BY name COLLATE "C", part COLLATE "C", place, line COLLATE "C";
