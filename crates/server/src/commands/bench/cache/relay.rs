//! A way to Redis on which some of the published messages are lost, as pub/sub may lose them.

use std::io::Result;

use app::Entropy;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy},
    net::{TcpListener, TcpStream},
};

/// How a message to a subscriber begins (RESP 2).
const MESSAGE: &[u8] = b"*3\r\n$7\r\nmessage\r\n";

/// Listens on this machine and leads to the server of `address`; answers the address of the way.
pub(super) async fn lossy(address: &str, per_mille: u32, seed: u64) -> Result<String> {
    let target = address.trim_start_matches("redis://").trim_end_matches('/').to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let relay = format!("redis://{}", listener.local_addr()?);
    tokio::spawn(async move {
        let dice = Entropy::from_seed(seed);
        while let Ok((client, _)) = listener.accept().await {
            let (target, dice) = (target.clone(), Entropy::from_seed(u64::from_le_bytes(dice.bytes())));
            tokio::spawn(async move { carry(client, &target, per_mille, &dice).await });
        }
    });
    Ok(relay)
}

async fn carry(mut client: TcpStream, target: &str, per_mille: u32, dice: &Entropy) -> Result<()> {
    let mut server = TcpStream::connect(target).await?;
    // Replies leave one by one; held back until the one before is confirmed, each would cost 40 ms.
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (mut from_client, mut to_client) = client.split();
    let (mut from_server, mut to_server) = server.split();
    let back = async {
        let mut waiting = Vec::new();
        loop {
            let mut passed = 0;
            while let Some(length) = length_of_value(&waiting[passed..]) {
                let value = &waiting[passed..passed + length];
                if !(value.starts_with(MESSAGE) && dice.below(1_000) < per_mille) {
                    to_client.write_all(value).await?;
                }
                passed += length;
            }
            waiting.drain(..passed);
            if from_server.read_buf(&mut waiting).await? == 0 {
                return Ok(());
            }
        }
    };
    tokio::select! {
        done = copy(&mut from_client, &mut to_server) => done.map(drop),
        done = back => done,
    }
}

/// Bytes of the first value of the protocol (RESP 2), once it is complete.
fn length_of_value(bytes: &[u8]) -> Option<usize> {
    let line = bytes.windows(2).position(|pair| pair == b"\r\n")? + 2;
    let count = || std::str::from_utf8(&bytes[1..line - 2]).ok()?.parse::<i64>().ok();
    match bytes[0] {
        b'$' => {
            let end = line + usize::try_from(count()?).map_or(0, |body| body + 2);
            (bytes.len() >= end).then_some(end)
        }
        b'*' => {
            let mut end = line;
            for _ in 0..count()? {
                end += length_of_value(&bytes[end..])?;
            }
            Some(end)
        }
        _ => Some(line),
    }
}

#[cfg(test)]
mod tests {
    use super::length_of_value;

    #[test]
    fn a_value_is_complete_or_not() {
        let message = b"*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$2\r\nhi\r\n";
        for cut in 0..message.len() {
            assert_eq!(length_of_value(&message[..cut]), None, "{cut}");
        }
        assert_eq!(length_of_value(&[&message[..], b"+OK\r\n"].concat()), Some(message.len()));
        for (value, length) in [("+OK\r\n", 5), ("$-1\r\n", 5), (":12\r\n$", 5), ("*0\r\n", 4)] {
            assert_eq!(length_of_value(value.as_bytes()), Some(length), "{value:?}");
        }
    }
}
