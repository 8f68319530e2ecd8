"""Exact estimation from sums: the rows stay in the database, cross-products come out.

``estimate`` is the one call from a formula to results. Behind it: ``formulas`` compile to SQL, ``sums`` are
made, added and stored, ``linear`` and ``mixed`` fit them, ``robust`` gives standard errors by cluster,
``results`` shows any of it as statsmodels does.
"""
