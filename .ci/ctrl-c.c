/* Presses Ctrl+C at the console of another program, whose process number it is given: what a test under Wine does in place
   of the PowerShell of Windows (tests/harness/src/console.rs). */
#include <stdlib.h>
#include <windows.h>

int main(int count, char **arguments) {
    FreeConsole();
    if (count != 2 || !AttachConsole(strtoul(arguments[1], NULL, 10)))
        return 1;
    SetConsoleCtrlHandler(NULL, TRUE); /* not for this program itself */
    return GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0) ? 0 : 2;
}
