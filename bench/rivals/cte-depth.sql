-- Everything with distances. Without a bound this form never ends on a cycle: it is told the greatest distance there is.
-- version: SHOW server_version
-- set: SET jit = off
-- set: SET work_mem = '512MB'
-- query count all
WITH RECURSIVE r(x, d) AS (SELECT $1::bigint, 0 UNION SELECT e.:to, r.d + 1
  FROM r JOIN :graph e ON e.:from = r.x WHERE r.d < $2)
SELECT count(DISTINCT x) - 1 FROM r
-- query rows all
WITH RECURSIVE r(x, d) AS (SELECT $1::bigint, 0 UNION SELECT e.:to, r.d + 1
  FROM r JOIN :graph e ON e.:from = r.x WHERE r.d < $2)
SELECT x, min(d) FROM r WHERE x <> $1::bigint GROUP BY x
