//! What an editor shows about a place in a file: plain data with byte spans, in the editor's vocabulary. It
//! knows no protocol: the server turns it into messages.

mod view;

pub use view::{Surroundings, View, views};
