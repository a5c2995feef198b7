"""The addresses of the console, a file for each area; web/urls.py puts them together."""
