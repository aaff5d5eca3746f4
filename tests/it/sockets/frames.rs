//! What the transport allows: RFC 6455, and what we allow within it.

use std::time::Duration;

use tokio::{
    io::AsyncWriteExt as _,
    time::{Instant, timeout},
};

use crate::support::{
    caller::{Call, prompt},
    server::TestServer,
    socket::{BINARY, CLOSE, CONTINUE, FIN, PING, RawSocket, TEXT, masked},
};

async fn answered(server: &TestServer, number: u128) -> RawSocket {
    Call::ring(server, number).await.answer(server).await
}

#[tokio::test]
async fn b6_frames_that_break_the_protocol_are_closed_with_1002() {
    let server = TestServer::start().await;
    let cases: [(&str, Vec<u8>); 9] = [
        ("unmasked", vec![FIN | TEXT, 2, b'{', b'}']),
        ("first reserved bit", masked(FIN | 0x40 | TEXT, b"{}")),
        ("second reserved bit", masked(FIN | 0x20 | TEXT, b"{}")),
        ("reserved data opcode", masked(FIN | 0x3, b"{}")),
        ("reserved control opcode", masked(FIN | 0xB, b"")),
        ("fragmented ping", masked(PING, b"x")),
        ("ping of 126 bytes", masked(FIN | PING, &[b'x'; 126])),
        ("continuation of nothing", masked(FIN | CONTINUE, b"x")),
        ("text within text", [masked(TEXT, b"{"), masked(FIN | TEXT, b"{}")].concat()),
    ];
    for (number, (name, bytes)) in cases.into_iter().enumerate() {
        let mut socket = answered(&server, number as u128).await;
        socket.raw(&bytes).await;
        assert_eq!(socket.close_code().await, Some(1002), "{name}");
    }
    server.stop().await;
}

#[tokio::test]
async fn b7_text_that_is_no_utf8_is_closed_with_1007() {
    let server = TestServer::start().await;
    let whole = masked(FIN | TEXT, &[b'"', 0xC3, 0x28, b'"']);
    let split = [masked(TEXT, &[b'"', 0xE2, 0x82]), masked(FIN | CONTINUE, b"\"")].concat();
    let surrogate = masked(FIN | TEXT, &[0xED, 0xA0, 0x80]);
    for (number, bytes) in [whole, split, surrogate].into_iter().enumerate() {
        let mut socket = answered(&server, number as u128).await;
        socket.raw(&bytes).await;
        assert_eq!(socket.close_code().await, Some(1007), "case {number}");
    }
    // A character may well be split across fragments.
    let mut socket = answered(&server, 9).await;
    socket.raw(&[masked(TEXT, &[b'"', 0xE2, 0x82]), masked(FIN | CONTINUE, &[0xAC, b'"'])].concat()).await;
    assert!(socket.is_alive().await);
    drop(socket);
    server.stop().await;
}

#[tokio::test]
async fn b8_a_frame_that_claims_to_be_endless_is_closed_with_1009() {
    let server = TestServer::start().await;
    for (number, length) in [1_u64 << 63, u64::MAX, 1 << 30, 64 * 1024 + 1].into_iter().enumerate() {
        for opcode in [TEXT, BINARY, PING] {
            let mut socket = answered(&server, number as u128 * 16 + u128::from(opcode)).await;
            let header = [[FIN | opcode, 0x80 | 127].as_slice(), &length.to_be_bytes(), &[0; 4]].concat();
            socket.raw(&header).await;
            assert_eq!(socket.close_code().await, Some(1009), "{length} bytes of kind {opcode}");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn b9_a_message_of_one_byte_too_many_is_closed_with_1009() {
    let server = TestServer::start().await;
    let message = vec![b'x'; 64 * 1024 + 1];
    let mut socket = answered(&server, 1).await;
    socket.raw(&masked(FIN | TEXT, &message)).await;
    assert_eq!(socket.close_code().await, Some(1009), "in one frame");

    let mut socket = answered(&server, 2).await;
    let mut bytes = Vec::new();
    for (n, piece) in message.chunks(66).enumerate() {
        bytes.extend(masked(if n == 0 { TEXT } else { CONTINUE }, piece));
    }
    bytes.extend(masked(FIN | CONTINUE, b""));
    socket.raw(&bytes).await;
    assert_eq!(socket.close_code().await, Some(1009), "in a thousand fragments");

    let mut socket = answered(&server, 3).await;
    socket.raw(&masked(FIN | TEXT, &message[1..])).await;
    assert!(socket.is_alive().await, "64 KiB are read, and ignored for what is in them");
    drop(socket);
    server.stop().await;
}

#[tokio::test]
async fn b10_fragments_without_an_end_are_closed_with_1009() {
    let server = TestServer::start().await;
    let mut socket = answered(&server, 1).await;
    socket.frame(TEXT, &[b'x'; 1_000]).await;
    let endless = masked(CONTINUE, &[b'x'; 1_000]);
    let (mut read, mut write) = socket.stream.split();
    let flood = async { while write.write_all(&endless).await.is_ok() {} };
    let closed = async {
        let mut frame = [0; 4];
        tokio::io::AsyncReadExt::read_exact(&mut read, &mut frame).await.unwrap();
        frame
    };
    let frame = timeout(Duration::from_secs(5), async { tokio::join!(flood, closed).1 }).await.unwrap();
    assert_eq!(frame, [FIN | CLOSE, 2, 3, 0xF1], "1009");
    server.stop().await;
}

#[tokio::test]
async fn b11_two_binary_frames_are_ignored_and_the_third_is_closed_with_1003() {
    let server = TestServer::start().await;
    let mut socket = answered(&server, 1).await;
    for _ in 0..2 {
        socket.frame(FIN | BINARY, &[0, 1, 2]).await;
    }
    assert!(socket.is_alive().await);
    socket.frame(FIN | BINARY, b"").await;
    assert_eq!(socket.close_code().await, Some(1003));
    server.stop().await;
}

#[tokio::test]
async fn b12_a_flood_of_pings_is_closed_with_1008_and_no_other_call_hears_of_it() {
    let server = TestServer::start().await;
    let mut other = answered(&server, 1).await;
    let mut socket = answered(&server, 2).await;
    let flood = masked(FIN | PING, b"!").repeat(10_000);
    let (code, said) = tokio::join!(
        async {
            socket.raw(&flood).await;
            socket.close_code().await
        },
        async {
            let begun = Instant::now();
            other.text(&prompt("what are your opening hours")).await;
            let said = other.hears().await;
            assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
            said
        }
    );
    assert_eq!(code, Some(1008));
    assert!(!said.is_empty());
    drop(other);
    server.stop().await;
}

#[tokio::test]
async fn b16_odd_close_frames_are_answered_with_proper_ones() {
    let server = TestServer::start().await;
    let cases: [(&[u8], &[u16]); 8] = [
        (b"", &[1005]),
        (&[0x03, 0xE8], &[1000]),
        (&[0x03, 0xED], &[1002]),                   // 1005, which is never sent
        (&[0x03, 0xE7], &[1002]),                   // 999
        (&[0x13, 0x88], &[1002]),                   // 5000
        (&[0x03], &[1002]),                         // half a code
        (&[0x03, 0xE8, 0xFF, 0xFE], &[1007, 1002]), // a reason that is no UTF-8
        (&[0x0B, 0xB8, b'b', b'y', b'e'], &[3000]), // an application's own
    ];
    for (number, (payload, expected)) in cases.into_iter().enumerate() {
        let mut socket = answered(&server, number as u128).await;
        socket.frame(FIN | CLOSE, payload).await;
        let code = socket.close_code().await.expect("a close frame");
        assert!(expected.contains(&code), "{payload:?} was answered with {code}");
        assert_eq!(socket.read().await, None, "and then the connection is closed");
    }
    super::handshake::until_free(&server).await;
    server.stop().await;
}

#[tokio::test]
async fn b19_what_comes_after_a_close_frame_is_ignored() {
    let server = TestServer::start().await;
    let mut socket = answered(&server, 1).await;
    let late = [
        masked(FIN | CLOSE, &[0x03, 0xE8]),
        masked(FIN | TEXT, prompt("book a haircut").as_bytes()),
        masked(FIN | PING, b"late"),
        masked(FIN | 0x3, b"nonsense"),
    ];
    socket.raw(&late.concat()).await;
    assert_eq!(socket.close_code().await, Some(1000));
    assert_eq!(socket.read().await, None);
    let call = server.state.store.calls(deskbell::testing::salon().id, None, 1).await.unwrap().remove(0);
    super::handshake::until_free(&server).await;
    let said = server.state.store.transcript(call.id).await.unwrap();
    assert!(said.iter().all(|line| !line.text.contains("haircut")), "the late words were not heard");
    server.stop().await;
}
