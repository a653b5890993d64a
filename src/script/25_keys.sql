
-- ---------------------------------------------------------------------------
-- What the text of a key says.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_key_kind(key text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION @extschema@.pt_key_kind(text) IS
'What a key stands for: unresolved (rust:fn:new:unknown:0-0, rust:fn:new:unresolved-reference:0-0), external (rust:module:Parser:external-dependency-clap:0-0), import (rust:module:std::fmt:0-0), file (rust:file:./src/main.rs:1-1), or local: everything else. Reads the text only. O(length).';

CREATE FUNCTION @extschema@.pt_key_name(key text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION @extschema@.pt_key_name(text) IS
'The name in a key: the third part between colons (a double colon belongs to the name), new_feature in src_lib_rs-new_feature-fn-abc12345, the whole key if it fits no form. O(length).';

CREATE FUNCTION @extschema@.pt_key_language(key text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION @extschema@.pt_key_language(text) IS
'The language in a key: the first part between colons where there are three, else NULL. O(length).';

CREATE FUNCTION @extschema@.pt_key_path(key text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION @extschema@.pt_key_path(text) IS
'The file that a key names, as it is written there: ./src/main.rs or __src_main_rs; NULL for placeholders and keys that name none. O(length).';

CREATE FUNCTION _parseltongue.pt_match_name(name text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_match_name(text) IS
'What pt_resolve_references compares names by: the last part of a qualified name (an operator of C++; of a path the file without its extension, else what is after ::, . or ->, but not within <>; without ::<T> at the end), with List<string> written as keys write it, List__lt__string__gt__. O(length).';

CREATE FUNCTION _parseltongue.pt_match_qualifier(name text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_match_qualifier(text) IS
'What stands before the part of a name that pt_match_name compares: std::io:: of std::io::Read, lib/ of lib/utils.js, an empty text if nothing does. O(length).';

CREATE FUNCTION _parseltongue.pt_max_key_bytes() RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_max_key_bytes() IS
'Internal: the bytes that a key may have in an import, or both keys and the type of an edge together: what the tables'' btrees hold, a third of a page less some.';
