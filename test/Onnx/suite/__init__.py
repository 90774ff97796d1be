"""Runs the backend test suite that the onnx package carries against mlopt."""
