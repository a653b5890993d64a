-- Without a bound UNION on the node alone; with one the depth has to be in the row.
-- columns: from_key to_key
-- version: SHOW server_version
-- set: SET jit = off
-- set: SET work_mem = '512MB'
-- query count all
WITH RECURSIVE r(x) AS (SELECT $1::text UNION SELECT e.:to
  FROM r JOIN :graph e ON e.:from = r.x)
SELECT count(*) - 1 FROM r
-- query count hops
WITH RECURSIVE r(x, d) AS (SELECT $1::text, 0 UNION SELECT e.:to, r.d + 1
  FROM r JOIN :graph e ON e.:from = r.x WHERE r.d < $2)
SELECT count(DISTINCT x) - 1 FROM r
-- query rows all
WITH RECURSIVE r(x) AS (SELECT $1::text UNION SELECT e.:to
  FROM r JOIN :graph e ON e.:from = r.x)
SELECT x FROM r WHERE x <> $1::text
-- query rows hops
WITH RECURSIVE r(x, d) AS (SELECT $1::text, 0 UNION SELECT e.:to, r.d + 1
  FROM r JOIN :graph e ON e.:from = r.x WHERE r.d < $2)
SELECT x, min(d) FROM r WHERE x <> $1::text GROUP BY x
