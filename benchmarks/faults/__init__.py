"""faults: real processes are killed, paused and denied their files; nothing acknowledged may be lost or doubled"""
