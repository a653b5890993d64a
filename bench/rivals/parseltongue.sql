-- version: SELECT extversion FROM pg_extension WHERE extname = 'parseltongue'
-- set: SET jit = off; SET work_mem = '512MB'
-- query count all
SELECT pt_blast_radius_count($1, NULL, ':direction', graph => ':graph')
-- query count hops
SELECT pt_blast_radius_count($1, $2, ':direction', graph => ':graph')
-- query rows all
SELECT * FROM pt_blast_radius($1, NULL, ':direction', graph => ':graph')
-- query rows hops
SELECT * FROM pt_blast_radius($1, $2, ':direction', graph => ':graph')
