
-- ---------------------------------------------------------------------------
-- The tables: entities of a codebase, and the edges between them.
-- ---------------------------------------------------------------------------

CREATE TABLE @extschema@.pt_entity (
	key text PRIMARY KEY CHECK (key OPERATOR(pg_catalog.<>) ''),
	name text,
	entity_type text,
	entity_class text,
	language text,
	file_path text,
	line_start integer,
	line_end integer,
	signature jsonb,
	code text,
	properties jsonb NOT NULL DEFAULT '{}',
	updated_at timestamptz NOT NULL DEFAULT pg_catalog.now()
);
COMMENT ON TABLE @extschema@.pt_entity IS
'Entities (functions, types, modules, ...) by their opaque key. Any client may write here directly.';
COMMENT ON COLUMN @extschema@.pt_entity.key IS 'opaque, not empty; edges name entities by it';
COMMENT ON COLUMN @extschema@.pt_entity.entity_type IS 'function, method, struct, enum, trait, module, ... : any text';
COMMENT ON COLUMN @extschema@.pt_entity.entity_class IS 'CODE or TEST by convention';
COMMENT ON COLUMN @extschema@.pt_entity.line_start IS 'first line in file_path, counted from 1';
COMMENT ON COLUMN @extschema@.pt_entity.line_end IS 'last line in file_path';
COMMENT ON COLUMN @extschema@.pt_entity.properties IS 'everything that has no column of its own';
COMMENT ON COLUMN @extschema@.pt_entity.updated_at IS 'time of the last write through pt_insert_entity or pt_insert_entities';

CREATE TABLE @extschema@.pt_edge (
	from_key text NOT NULL CHECK (from_key OPERATOR(pg_catalog.<>) ''),
	to_key text NOT NULL CHECK (to_key OPERATOR(pg_catalog.<>) ''),
	edge_type text NOT NULL DEFAULT 'Calls',
	source_location text,
	confidence numeric(3,2) CHECK (confidence OPERATOR(pg_catalog.>) 0 AND confidence OPERATOR(pg_catalog.<=) 1),
	method text,
	reference_key text,
	PRIMARY KEY (from_key, to_key, edge_type),
	CONSTRAINT pt_edge_guess_check CHECK (confidence IS NOT NULL OR reference_key IS NULL)
);
COMMENT ON TABLE @extschema@.pt_edge IS
'Directed edges between entity keys: from_key depends on to_key. No foreign keys: an edge may come before its entities, or without them.';
COMMENT ON COLUMN @extschema@.pt_edge.edge_type IS 'Calls, Uses, Implements by convention: any text';
COMMENT ON COLUMN @extschema@.pt_edge.source_location IS 'where the dependency stands, as path:line';
COMMENT ON COLUMN @extschema@.pt_edge.confidence IS 'NULL or 1 for a fact; of a guess, how far to trust it. Walks follow facts, and guesses from min_confidence on';
COMMENT ON COLUMN @extschema@.pt_edge.method IS 'of a guess, how pt_resolve_references came to it; of a fact, scip if an index in that format states it';
COMMENT ON COLUMN @extschema@.pt_edge.reference_key IS 'of a guess, the unresolved to_key of the edge it was made from';

CREATE INDEX pt_edge_adjacency ON @extschema@.pt_edge USING adjacency (from_key, to_key, edge_type, confidence);
COMMENT ON INDEX @extschema@.pt_edge_adjacency IS 'what the pt_* functions walk';

CREATE TABLE @extschema@.pt_left_out (
	prefix text NOT NULL DEFAULT '',
	file_path text NOT NULL,
	language text,
	reason text,
	detail text,
	indexed_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	PRIMARY KEY (prefix, file_path)
);
COMMENT ON TABLE @extschema@.pt_left_out IS
'What pt-index has not read of a tree, or not all of it. Each run replaces what one of the same prefix has left; pt_left_out_summary counts it.';
COMMENT ON COLUMN @extschema@.pt_left_out.prefix IS 'what the run puts before paths: --prefix of pt-index';
COMMENT ON COLUMN @extschema@.pt_left_out.file_path IS 'as in pt_entity; a folder that is left out is one row. The row of the run itself has the prefix here, and no reason';
COMMENT ON COLUMN @extschema@.pt_left_out.language IS 'by the name of the file; NULL if it is of no language that is read';
COMMENT ON COLUMN @extschema@.pt_left_out.reason IS
'kind (of no language that is read), ignored (by .gitignore), hidden, link, special, unreadable, large, binary, minified, twin (another file has its path), time, refused; of files that were read in part syntax and long';
COMMENT ON COLUMN @extschema@.pt_left_out.detail IS 'the ending of a file of an unknown kind, or what the error said';
COMMENT ON COLUMN @extschema@.pt_left_out.indexed_at IS 'when that was found first; in the row of the run, when it was done';

CREATE TABLE @extschema@.pt_pending (
	files text[],
	gone text[],
	gone_names text[],
	names text[],
	rebased boolean NOT NULL DEFAULT true,
	written_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	moved jsonb
);
COMMENT ON TABLE @extschema@.pt_pending IS
'What pt_replace_file and pt-index have written since references were resolved, a row each time. pt_resolve_changed and pt_resolve_references read it and delete what they have seen to.';
COMMENT ON COLUMN @extschema@.pt_pending.files IS 'that were replaced; NULL: everything is to be resolved again';
COMMENT ON COLUMN @extschema@.pt_pending.gone IS 'keys of entities that are there no longer, or under another key as that one is another''s now';
COMMENT ON COLUMN @extschema@.pt_pending.gone_names IS 'of those in gone, in that order, the names by which other files find them; NULL for one that no other file does, or that is in names';
COMMENT ON COLUMN @extschema@.pt_pending.names IS 'by which something else may be meant, as entities, fields or modules of these names came, went, or changed in more than their place; .name of a field, name/ of a module; NULL: all of these files';
COMMENT ON COLUMN @extschema@.pt_pending.rebased IS 'whether a type in these files may have other bases';
COMMENT ON COLUMN @extschema@.pt_pending.moved IS 'in a row of its own, keys that an index knew, and those that their definitions have now: facts that lead to them are to follow';

SELECT pg_catalog.pg_extension_config_dump('@extschema@.pt_entity', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.pt_edge', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.pt_left_out', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.pt_pending', '');

CREATE SEQUENCE @extschema@.pt_import_id;
COMMENT ON SEQUENCE @extschema@.pt_import_id IS 'numbers the calls of pt_import';

CREATE TABLE @extschema@.pt_import_rejection (
	import_id bigint NOT NULL,
	imported_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	kind text NOT NULL,
	position text NOT NULL,
	reason text NOT NULL,
	content text,
	PRIMARY KEY (import_id, position)
);
COMMENT ON TABLE @extschema@.pt_import_rejection IS
'What pt_import could not take, one row each. Delete from it as you like: nothing reads it.';
COMMENT ON COLUMN @extschema@.pt_import_rejection.import_id IS 'as pt_import returned it';
COMMENT ON COLUMN @extschema@.pt_import_rejection.imported_at IS 'when that transaction began';
COMMENT ON COLUMN @extschema@.pt_import_rejection.kind IS 'entity or edge';
COMMENT ON COLUMN @extschema@.pt_import_rejection.position IS
'where in the document, counted from 0: [5], entities[5], entities[5].forward_deps[0], CodeGraph.rows[5]';
COMMENT ON COLUMN @extschema@.pt_import_rejection.reason IS 'what was wrong with it';
COMMENT ON COLUMN @extschema@.pt_import_rejection.content IS 'its first 1000 characters';

-- Where the extension is created by somebody else than a superuser, who is
-- the one that runs this, they belong to him, as they would if he made them.
ALTER TABLE @extschema@.pt_entity OWNER TO @extowner@;
ALTER TABLE @extschema@.pt_edge OWNER TO @extowner@;
ALTER TABLE @extschema@.pt_left_out OWNER TO @extowner@;
ALTER TABLE @extschema@.pt_pending OWNER TO @extowner@;
ALTER TABLE @extschema@.pt_import_rejection OWNER TO @extowner@;
ALTER SEQUENCE @extschema@.pt_import_id OWNER TO @extowner@;

SELECT pg_catalog.pg_extension_config_dump('@extschema@.pt_import_id', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.pt_import_rejection', '');
