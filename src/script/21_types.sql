
-- ---------------------------------------------------------------------------
-- Types of rows that functions hand to each other.
-- ---------------------------------------------------------------------------

CREATE TYPE @extschema@.pt_import_part AS (
	kind text,
	doomed boolean,
	mixed boolean,
	place text,
	path text[],
	headers text[]
);
COMMENT ON TYPE @extschema@.pt_import_part IS 'internal: an array of a document that pt_import reads';
COMMENT ON COLUMN @extschema@.pt_import_part.kind IS 'entity or edge';
COMMENT ON COLUMN @extschema@.pt_import_part.doomed IS 'its elements are to be deleted';
COMMENT ON COLUMN @extschema@.pt_import_part.mixed IS 'it has entities and edges, told apart by their fields';
COMMENT ON COLUMN @extschema@.pt_import_part.place IS 'how rejections name it: entities, CodeGraph.rows, nothing';
COMMENT ON COLUMN @extschema@.pt_import_part.path IS 'where it is in the document';
COMMENT ON COLUMN @extschema@.pt_import_part.headers IS 'of a relation, whose elements are rows; NULL if they are objects';

CREATE TYPE @extschema@.pt_search_terms AS (
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
COMMENT ON TYPE @extschema@.pt_search_terms IS
'Internal: what pt_search looks for.';
