//! `akslint server` as an editor starts it: a process with pipes.

#![allow(clippy::expect_used, clippy::unwrap_used)] // A test may fail anywhere, in its helpers too.

use std::io::{Read, Write};
use std::process::{Command, Output, Stdio};

/// Runs the server on these messages; its input ends behind them.
fn run(messages: &[&str], log: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_akslint"));
    command.arg("server").env("RUST_LOG", log);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut input = child.stdin.take().expect("a pipe");
    for message in messages {
        write!(input, "Content-Length: {}\r\n\r\n{message}", message.len()).expect("the server reads");
    }
    drop(input);
    child.wait_with_output().expect("the program ends")
}

/// The messages that it wrote; anything else on standard output fails.
fn messages(output: &Output) -> Vec<String> {
    let mut rest = output.stdout.as_slice();
    let mut messages = Vec::new();
    while !rest.is_empty() {
        let text = std::str::from_utf8(rest).expect("text");
        let (head, _) = text.split_once("\r\n\r\n").expect("a head");
        let length = head.strip_prefix("Content-Length: ").expect("only messages");
        rest = &rest[head.len() + 4..];
        let mut message = vec![0; length.parse().expect("a number")];
        rest.read_exact(&mut message).expect("a whole message");
        messages.push(String::from_utf8(message).expect("text"));
    }
    messages
}

const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}"#;
const INITIALIZED: &str = r#"{"jsonrpc":"2.0","method":"initialized","params":{}}"#;
const UNKNOWN: &str = r#"{"jsonrpc":"2.0","method":"$/setTrace","params":{"value":"off"}}"#;
const SHUTDOWN: &str = r#"{"jsonrpc":"2.0","id":2,"method":"shutdown"}"#;
const EXIT: &str = r#"{"jsonrpc":"2.0","method":"exit"}"#;

#[test]
fn a_goodbye_ends_it_well() {
    let output = run(&[INITIALIZE, INITIALIZED, SHUTDOWN, EXIT], "");
    assert_eq!(output.status.code(), Some(0));
    let messages = messages(&output);
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(
        messages[0].contains(r#""serverInfo":{"name":"akslint""#),
        "{}",
        messages[0]
    );
    assert!(
        messages[1].contains(r#""id":2"#) && messages[1].contains(r#""result":null"#),
        "{}",
        messages[1]
    );
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn leaving_without_a_goodbye_is_an_error() {
    assert_eq!(run(&[INITIALIZE, INITIALIZED, EXIT], "").status.code(), Some(1));
    assert_eq!(run(&[INITIALIZE, INITIALIZED], "").status.code(), Some(1));
    assert_eq!(run(&[INITIALIZE], "").status.code(), Some(1));
    assert_eq!(run(&[], "").status.code(), Some(1));
}

#[test]
fn the_log_stays_out_of_the_messages() {
    let output = run(&[INITIALIZE, INITIALIZED, UNKNOWN, SHUTDOWN, EXIT], "debug");
    assert_eq!(output.status.code(), Some(0));
    assert!(!output.stderr.is_empty(), "something is logged");
    messages(&output);
}
