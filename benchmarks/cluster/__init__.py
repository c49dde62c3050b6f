"""cluster: three machines of etcd, Patroni and PostgreSQL and two of Uptake; the primary is killed, cut off and paused"""
