//! The program itself, its user, and programs that it runs.

use super::Call;

pub(super) const CALLS: &[Call] = &[
    Call(
        "sys.argv[1]",
        "sys.argv[1]",
        ["std::env::args().nth(1)", "argv[1]", "os.Args[1]", "args[0]", "process.argv[2]"],
    ),
    Call(
        "input()",
        "input",
        [
            "std::io::stdin().read_line(&mut line)",
            "fgets(line, sizeof line, stdin)",
            "bufio.NewScanner(os.Stdin), Scan(), Text()",
            "new BufferedReader(new InputStreamReader(System.in, UTF_8)).readLine()",
            "require(\"readline\").createInterface({ input: process.stdin }).on(\"line\", …)",
        ],
    ),
    Call(
        "sys.stdin",
        "sys.stdin",
        [
            "for line in std::io::stdin().lines()",
            "while (fgets(line, sizeof line, stdin))",
            "for scanner := bufio.NewScanner(os.Stdin); scanner.Scan(); { … }",
            "new BufferedReader(new InputStreamReader(System.in, UTF_8)).readLine() until null",
            "require(\"readline\").createInterface({ input: process.stdin }).on(\"line\", …).on(\"close\", …)",
        ],
    ),
    Call(
        "flush=True",
        "print(…, flush=True)",
        [
            "println!(\"{text}\")",
            "printf(…); fflush(stdout)",
            "fmt.Println(text)",
            "System.out.println(text)",
            "console.log(text)",
        ],
    ),
    Call(
        "file=sys.stderr",
        "print(…, file=sys.stderr)",
        [
            "eprintln!(\"{text}\")",
            "fprintf(stderr, …)",
            "fmt.Fprintln(os.Stderr, text)",
            "System.err.println(text)",
            "console.error(text)",
        ],
    ),
    Call(
        "sys.exit(",
        "sys.exit",
        [
            "eprintln!(…); std::process::exit(1)",
            "fprintf(stderr, …); exit(1)",
            "fmt.Fprintln(os.Stderr, …); os.Exit(1)",
            "System.err.println(…); System.exit(1)",
            "console.error(…); process.exit(1)",
        ],
    ),
    Call(
        "os._exit",
        "os._exit",
        ["std::process::exit(0)", "exit(0)", "os.Exit(0)", "System.exit(0)", "process.exit(0)"],
    ),
    Call(
        "Popen(",
        "Popen",
        [
            "Command::new(\"/bin/sh\").args([\"-c\", command]).stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?; a group of its own: .process_group(0)",
            "pipe, fork, dup2, execl(\"/bin/sh\", \"sh\", \"-c\", command, NULL), waitpid; a group of its own: setsid()",
            "exec.Command(\"/bin/sh\", \"-c\", command), StdoutPipe(), Start(), Wait(); a group of its own: SysProcAttr{Setsid: true}",
            "new ProcessBuilder(\"setsid\", \"-w\", \"/bin/sh\", \"-c\", command).start(), getInputStream(), waitFor()",
            "spawn(\"/bin/sh\", [\"-c\", command], { detached: true, stdio: [\"ignore\", \"pipe\", \"pipe\"] })",
        ],
    ),
    Call(
        "subprocess.run(",
        "subprocess.run",
        [
            "Command::new(\"/bin/sh\").args([\"-c\", command]).stdin(Stdio::null()).output()?",
            "pipe, fork, dup2, execl(\"/bin/sh\", \"sh\", \"-c\", command, NULL), read, waitpid",
            "exec.Command(\"/bin/sh\", \"-c\", command), Stdout and Stderr each a *bytes.Buffer, Run()",
            "new ProcessBuilder(\"/bin/sh\", \"-c\", command).redirectInput(new File(\"/dev/null\")).start(), getInputStream(), getErrorStream()",
            "spawn(\"/bin/sh\", [\"-c\", command], { stdio: [\"ignore\", \"pipe\", \"pipe\"] }), on(\"close\", …)",
        ],
    ),
    Call(
        "communicate(",
        "communicate",
        [
            "child.wait_with_output()?",
            "poll for both pipes, or a thread for each",
            "Stdout and Stderr each a *bytes.Buffer, Run()",
            "a thread for each of getInputStream() and getErrorStream()",
            "on(\"data\", …) for each pipe, on(\"close\", …) for the end",
        ],
    ),
    Call(
        "os.read(",
        "os.read",
        [
            "pipe.read(&mut bytes)",
            "read(fd, bytes, sizeof bytes)",
            "pipe.Read(bytes)",
            "pipe.read(bytes)",
            "pipe.on(\"data\", (data) => { … })",
        ],
    ),
    Call(
        "process.wait(",
        "wait",
        [
            "child.wait()?",
            "waitpid(pid, &status, 0)",
            "command.Wait()",
            "process.waitFor()",
            "child.on(\"exit\", (code, signal) => { … })",
        ],
    ),
    Call(
        "poll()",
        "poll",
        [
            "child.try_wait()?",
            "waitpid(pid, &status, WNOHANG)",
            "a goroutine with command.Wait() that closes a channel",
            "process.isAlive()",
            "child.on(\"exit\", (code, signal) => { … })",
        ],
    ),
    Call(
        "killpg",
        "killpg",
        [
            "Command::new(\"kill\").args([\"-9\", \"--\", &format!(\"-{}\", child.id())])",
            "kill(-pid, SIGKILL)",
            "syscall.Kill(-command.Process.Pid, syscall.SIGKILL)",
            "process.descendants().forEach(ProcessHandle::destroyForcibly); process.destroyForcibly()",
            "process.kill(-child.pid, \"SIGKILL\")",
        ],
    ),
    Call(
        "realpath(",
        "realpath",
        [
            "std::fs::canonicalize(file)?",
            "realpath(file, NULL)",
            "filepath.EvalSymlinks(file)",
            "Path.of(file).toRealPath()",
            "fs.realpathSync(file)",
        ],
    ),
];
