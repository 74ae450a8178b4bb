"""When and what to capture: intake, scope, frame policy."""
