
-- ---------------------------------------------------------------------------
-- Types of rows that functions hand to each other.
-- ---------------------------------------------------------------------------

CREATE TYPE _parseltongue.pt_import_part AS (
	kind text,
	doomed boolean,
	mixed boolean,
	path text[],
	headers text[],
	entity_path text[]
);
COMMENT ON TYPE _parseltongue.pt_import_part IS 'internal: an array of a document that pt_import reads';
COMMENT ON COLUMN _parseltongue.pt_import_part.kind IS 'entity or edge';
COMMENT ON COLUMN _parseltongue.pt_import_part.doomed IS 'its elements are to be deleted';
COMMENT ON COLUMN _parseltongue.pt_import_part.mixed IS 'it has entities and edges, told apart by their fields';
COMMENT ON COLUMN _parseltongue.pt_import_part.path IS 'where it is in the document';
COMMENT ON COLUMN _parseltongue.pt_import_part.headers IS 'of a relation, whose elements are rows; NULL if they are objects';
COMMENT ON COLUMN _parseltongue.pt_import_part.entity_path IS
'of edges: where the entities are whose dependency arrays are edges, too; NULL if nowhere';

CREATE TYPE _parseltongue.pt_import_job AS (
	import_id bigint,
	entities regclass,
	edges regclass,
	staged boolean,
	prefix text,
	dependency_type text,
	join_spellings boolean
);
COMMENT ON TYPE _parseltongue.pt_import_job IS 'internal: what one import does for all parts of its document';
COMMENT ON COLUMN _parseltongue.pt_import_job.import_id IS 'its number';
COMMENT ON COLUMN _parseltongue.pt_import_job.entities IS 'the table that entities are written to';
COMMENT ON COLUMN _parseltongue.pt_import_job.edges IS 'the table that edges are written to';
COMMENT ON COLUMN _parseltongue.pt_import_job.staged IS 'as in pt_import_elements';
COMMENT ON COLUMN _parseltongue.pt_import_job.prefix IS 'as in pt_import_relative';
COMMENT ON COLUMN _parseltongue.pt_import_job.dependency_type IS 'as in pt_import';
COMMENT ON COLUMN _parseltongue.pt_import_job.join_spellings IS 'as in pt_import';

CREATE TYPE _parseltongue.pt_import_counts AS (
	inserted bigint,
	updated bigint,
	unchanged bigint,
	deleted bigint,
	rejected bigint,
	joined bigint,
	new_keys text[]
);
COMMENT ON TYPE _parseltongue.pt_import_counts IS
'internal: what became of elements. unchanged: of the distinct keys those that were not inserted or updated, or a trigger suppressed it; joined: edges with a key that was spelled otherwise than that of its entity; new_keys: of entities some of those that were inserted';

CREATE TYPE _parseltongue.pt_search_terms AS (
	whole text,				-- the query
	sought text,			-- the name
	folded text,			-- the name in lower case
	size integer,			-- its characters
	start_pattern text,		-- for names that begin with it
	part_pattern text,		-- for names and keys that may contain it
	cut boolean,			-- ... and need not
	slips text[],			-- for names with a slip somewhere
	cover text[]			-- fewer, that match these and more
);
COMMENT ON TYPE _parseltongue.pt_search_terms IS
'Internal: what pt_search looks for.';
