"""Exact estimation from sums: the rows stay in the database, cross-products come out.

``crossproducts`` sums, ``mixed`` fits nested random intercepts by REML or ML, ``robust`` gives
cluster-robust standard errors. All three need group and cluster sums only.
"""
