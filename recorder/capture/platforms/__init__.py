"""Adapters to display servers; the only importer of pynput, mss, Xlib, AT-SPI."""
