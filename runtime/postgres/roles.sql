-- Run at every start, over the socket, before anybody can come by TCP. `secrets` is the folder of the password files.
\set ON_ERROR_STOP on
\set front_door `cat :'secrets'/front-door-password`
\set router `cat :'secrets'/router-password`
SELECT 'CREATE ROLE front_door' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'front_door') \gexec
SELECT 'CREATE ROLE router' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'router') \gexec
ALTER ROLE front_door LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'front_door';
ALTER ROLE router LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'router';
SELECT 'CREATE DATABASE breakwater OWNER front_door'
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'breakwater') \gexec
REVOKE ALL ON DATABASE breakwater, postgres, template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE breakwater TO router;
